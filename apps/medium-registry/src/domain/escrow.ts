import type { Limits, Offer } from './offer.ts';

/** A limit in total is held in escrow slots, so that settlements at the same time do not queue for one row. */
export type EscrowKind = 'budget' | 'uses';

/** Enough that the batches one database commits at the same time seldom meet in a slot. */
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

/** What is in a slot. */
export interface Slot {
  slot: number;
  remaining: bigint;
}

/**
 * Which slots to take an amount from: the first one from `start` on that has enough, or else as many as it takes.
 *
 * @returns undefined if all of them together have too little
 */
export function takings(
  slots: readonly Slot[],
  start: number,
  amount: bigint,
): { slot: number; taken: bigint }[] | undefined {
  const fromStart = slots.toSorted(
    (a, b) => Number(a.slot < start) - Number(b.slot < start) || a.slot - b.slot,
  );
  const enough = fromStart.find(({ remaining }) => remaining >= amount);
  if (enough) return [{ slot: enough.slot, taken: amount }];
  let missing = amount;
  const across = fromStart.map(({ slot, remaining }) => {
    const taken = remaining < missing ? remaining : missing;
    missing -= taken;
    return { slot, taken };
  });
  return missing > 0n ? undefined : across.filter(({ taken }) => taken > 0n);
}

/** Uses of one offer; `discount` is their sum, minor units. */
export interface OfferUse {
  offer: Offer;
  uses: number;
  discount: bigint;
}

/** Sums of uses by their offers. */
export function byOffer(uses: readonly { offer: Offer; discount: bigint }[]): OfferUse[] {
  const sums = new Map<string, OfferUse>();
  for (const { offer, discount } of uses) {
    const sum = sums.get(offer.offerId) ?? { offer, uses: 0, discount: 0n };
    sums.set(offer.offerId, { offer, uses: sum.uses + 1, discount: sum.discount + discount });
  }
  return [...sums.values()];
}

/** What uses need of the limits in total of their offers; a limited offer that gave no discount needs no budget. */
export function needsOf(
  offerUses: readonly OfferUse[],
): { offerId: string; kind: EscrowKind; limit: bigint; amount: bigint }[] {
  return offerUses.flatMap(({ offer: { offerId, limits }, uses, discount }) =>
    escrowsOf(limits)
      .map(({ kind, limit }) => ({ offerId, kind, limit, amount: kind === 'uses' ? BigInt(uses) : discount }))
      .filter(({ amount }) => amount > 0n),
  );
}
