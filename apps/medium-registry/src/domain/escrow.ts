import type { Limits } from './offer.ts';

/** A limit in total is held in escrow slots, so that settlements at the same time do not queue for one row. */
export type EscrowKind = 'budget' | 'uses';

/** Enough that the settlements one database commits at the same time seldom meet in a slot. */
const SLOTS = 16n;

/** What each slot of a limit starts with: even shares that sum to it, none of them empty. */
export function slotsOf(limit: bigint): bigint[] {
  const count = limit < SLOTS ? limit : SLOTS;
  return Array.from({ length: Number(count) }, (_, slot) => {
    const share = limit / count;
    return BigInt(slot) < limit % count ? share + 1n : share;
  });
}

/** The limits in total of an offer; an offer without any touches no slot. */
export function escrowsOf({ budget, uses }: Limits): { kind: EscrowKind; limit: bigint }[] {
  return [
    ...(budget === undefined ? [] : [{ kind: 'budget' as const, limit: budget }]),
    ...(uses === undefined ? [] : [{ kind: 'uses' as const, limit: BigInt(uses) }]),
  ];
}

/** The slot where a settlement starts to look. The last 32 bits of a UUIDv7 are random, so they are the hash. */
export function startSlot(settlementId: string, slots: number): number {
  return Number.parseInt(settlementId.slice(-8), 16) % slots;
}
