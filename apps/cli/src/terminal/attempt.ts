import { SettleRequest } from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import type { Attempt, WireRequest } from './book.ts';
import { paymentOf, tenderText, type Cards } from './cards.ts';

/** Everything of a settle request but what the shopper presents. */
export type Purchase = Omit<WireRequest, 'payment' | 'media'>;

/** An attempt as it may be written down. The first one shows every medium; each takes a tender of its own. */
export function attemptOf(purchase: Purchase, index: number, cards: Cards): Attempt {
  const tender = cards.tenders[index];
  const media = index === 0 ? cards.media : [];
  const kept = media.filter(({ id }) => id === undefined);
  const byReference = tender && !tender.number;
  return {
    attemptId: purchase.attemptId,
    body: { ...purchase, media: kept, payment: byReference ? paymentOf(tender) : undefined },
    whole: !tender?.number && kept.length === media.length,
    ...(tender && { tender: tenderText(tender) }),
  };
}

/**
 * The request of an attempt.
 *
 * @param cards what this process was shown
 * @returns undefined when a number belongs into it that this process does not have
 * @throws DataError if the purchase does not fit the contract
 */
export function requestOf(
  { body, whole }: Attempt,
  index: number,
  cards: Cards | undefined,
): SettleRequest | undefined {
  if (whole) return fitting(body);
  if (!cards) return undefined;
  const tender = cards.tenders[index];
  const media = index === 0 ? cards.media : [];
  return fitting({ ...body, media: [...media], ...(tender && { payment: paymentOf(tender) }) });
}

function fitting(body: WireRequest): SettleRequest {
  const request = SettleRequest.safeParse(body);
  if (request.success) return request.data;
  throw new DataError(`The sale does not fit:\n${z.prettifyError(request.error)}`);
}
