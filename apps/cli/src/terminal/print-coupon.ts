import { type PresentedMedium, PrintCouponV1, SearchCouponsV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { FoundCoupon } from './steps.ts';
import type { ScanTerminal } from './terminal.ts';

/** What coupons are looked for. */
export interface CouponWish {
  readonly media: readonly PresentedMedium[];
  readonly purpose: string;
  readonly storeId?: string;
  readonly productIds?: string[];
}

/** How it is to be printed. */
export type Layout = Pick<z.output<typeof PrintCouponV1.request>, 'symbology' | 'paper' | 'storeIds'>;

type Printing = Pick<ScanTerminal, 'link' | 'tell' | 'newId' | 'now'>;

/** Nobody answered, or the answer was no, as was told. */
export type NoAnswer = 'silence' | 'refused';

/** Finds what the shopper may use now, by the card that the terminal has read. Uses nothing up. */
export async function findCoupons(wish: CouponWish, terminal: Printing): Promise<FoundCoupon[] | NoAnswer> {
  const { link, tell, newId, now } = terminal;
  const searchId = newId();
  const request = { searchId, presentedAt: now().toISOString(), limit: 200, ...wish, media: [...wish.media] };
  const onWait = (tries: number) => tell({ step: 'waiting', id: searchId, verb: 'search-coupons', tries });
  const answer = await link.ask(SearchCouponsV1, request, { onWait });
  return answer.kind === 'reply' ? answer.reply.coupons : unanswered('search-coupons', answer, terminal);
}

/** What the printer gets. */
export interface Print {
  readonly codeId: string;
  readonly bytes: Buffer;
  readonly validTo: string;
}

/**
 * Has a coupon laid out with a new single-use code. A print that is lost on its way can be made again: whichever code of
 * the coupon comes to a till first uses it up.
 */
export async function printCoupon(
  coupon: FoundCoupon,
  layout: Layout,
  terminal: Printing,
): Promise<Print | NoAnswer> {
  const { link, tell, newId } = terminal;
  const { couponId, holderId } = coupon;
  const codeId = newId();
  const onWait = (tries: number) => tell({ step: 'waiting', id: codeId, verb: 'print-coupon', tries });
  const answer = await link.ask(PrintCouponV1, { codeId, holderId, couponId, ...layout }, { onWait });
  if (answer.kind !== 'reply') return unanswered('print-coupon', answer, terminal);
  const { data, expiresAt } = answer.reply;
  return { codeId, bytes: Buffer.from(data, 'base64'), validTo: expiresAt };
}

function unanswered(
  verb: string,
  answer: Exclude<Awaited<ReturnType<Printing['link']['ask']>>, { kind: 'reply' }>,
  { tell }: Printing,
): NoAnswer {
  if (answer.kind === 'silence') return 'silence';
  const { code, message } = answer.problem;
  tell({ step: 'refused', verb, code, detail: message });
  return 'refused';
}
