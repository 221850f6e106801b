import type { TokenizedMedium } from '@couplet/contracts';
import type { Candidate, PresentedBy } from '../domain/candidate.ts';
import type { Allowances } from '../domain/limits.ts';
import { findCandidates, readAllowances } from './candidates.ts';
import { holdersPresented, holdersShowingCode } from './holders.ts';
import type { Registry } from './registry.ts';
import { timeZonesOf } from './stores.ts';

/** Whose coupons are looked for, and where they would be used. */
export interface Sought {
  /** By the media presented, or by a bar code that names the holder. */
  by: { media: readonly TokenizedMedium[] } | { holderId: string };
  storeId?: string | undefined;
  /** Only coupons that touch one of these products. */
  productIds?: readonly string[] | undefined;
  /** Only these coupons. */
  couponIds?: readonly string[] | undefined;
}

export interface Found {
  presentedBy: PresentedBy;
  candidates: Candidate[];
  /** Of the store, where it is known and a candidate needs it. */
  timeZone: string | undefined;
}

/**
 * Reads for any number of searches at once, by one statement of each kind and none that cannot matter. Outside any
 * transaction, so what it says of limits and uses is a hint.
 *
 * @returns what was found for each in their order, and what is left of all of it together
 */
export async function find(
  { pool, offers }: Registry,
  sought: readonly Sought[],
): Promise<{ found: Found[]; usesOfCoupon: Map<string, number>; allowances: Allowances }> {
  const byMedia = await holdersPresented(
    pool,
    sought.map(({ by }) => ('media' in by ? by.media : [])),
  );
  const [byCode, { candidates, usesOfCoupon }] = await Promise.all([
    holdersShowingCode(
      pool,
      sought.flatMap(({ by }) => ('holderId' in by ? by.holderId : [])),
    ),
    findCandidates(
      pool,
      offers,
      sought.map(({ by, productIds, couponIds }, index) => ({
        holderIds: 'media' in by ? [...byMedia[index]!.keys()] : [by.holderId],
        productIds,
        couponIds,
      })),
    ),
  ]);
  const [allowances, timeZones] = await Promise.all([
    readAllowances(pool, candidates.flat()),
    timeZonesOf(
      pool,
      sought.flatMap(({ storeId }, index) => (needsClock(candidates[index]!) ? (storeId ?? []) : [])),
    ),
  ]);
  const found = sought.map(({ by, storeId }, index) => ({
    presentedBy: 'media' in by ? byMedia[index]! : (byCode.get(by.holderId.toLowerCase()) ?? new Map()),
    candidates: candidates[index]!,
    timeZone: storeId === undefined ? undefined : timeZones.get(storeId),
  }));
  return { found, usesOfCoupon, allowances };
}

function needsClock(candidates: readonly Candidate[]): boolean {
  return candidates.some(({ offer }) => offer.conditions.window.needsClock);
}
