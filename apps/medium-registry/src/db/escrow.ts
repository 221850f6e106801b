import type pg from 'pg';
import type { EscrowKind } from '../domain/escrow.ts';
import { escrowsOf, slotsOf, startSlot } from '../domain/escrow.ts';
import type { Offer } from '../domain/offer.ts';

/** Uses of one offer by one settlement; `discount` is their sum, minor units. */
export interface OfferUse {
  offer: Offer;
  uses: number;
  discount: bigint;
}

/** Offers from which nothing was taken, and why. */
export interface NotTaken {
  /** Their limit refuses. */
  refused: string[];
  /** No one slot of theirs had enough: to be taken across all of them by another transaction. */
  scattered: string[];
}

/**
 * Takes what the uses need from the slots of their offers, in the order of the offers.
 *
 * Looking for one slot may leave locks on slots that changed meanwhile and had too little, so going on to wait for all
 * of them could close a circle: the caller rolls back and names the offer in `across`.
 *
 * @param across offers whose slots are drained together, at once
 * @returns what was not taken; if that is anything, the caller rolls back, for the others may have given
 */
export async function takeEscrow(
  client: pg.PoolClient,
  settlementId: string,
  offerUses: readonly OfferUse[],
  across: ReadonlySet<string>,
): Promise<NotTaken> {
  const [refused, scattered] = [new Set<string>(), new Set<string>()];
  for (const { offerId, kind, limit, amount } of inOrder(offerUses)) {
    if (across.has(offerId)) {
      if (!(await takeAcross(client, { offerId, kind, amount }))) refused.add(offerId);
    } else {
      const start = startSlot(settlementId, slotsOf(limit).length);
      if (!(await takeFromOne(client, { offerId, kind, start, amount }))) scattered.add(offerId);
    }
  }
  return { refused: [...refused], scattered: [...scattered] };
}

/** Gives back what uses had taken; into one slot, from where it is found again as anything left is. */
export async function giveBackEscrow(
  client: pg.PoolClient,
  settlementId: string,
  offerUses: readonly OfferUse[],
): Promise<void> {
  for (const { offerId, kind, limit, amount } of inOrder(offerUses)) {
    await client.query({
      name: 'registry.escrow-give-back',
      text: `UPDATE escrow_slot SET remaining = remaining + $4
             WHERE offer_id = $1 AND kind = $2 AND slot = $3`,
      values: [offerId, kind, startSlot(settlementId, slotsOf(limit).length), amount],
    });
  }
}

interface Need {
  offerId: string;
  kind: EscrowKind;
  amount: bigint;
}

// Every settlement locks slots in this order, so none waits in a circle.
function inOrder(offerUses: readonly OfferUse[]): (Need & { limit: bigint })[] {
  return offerUses
    .toSorted((a, b) => (a.offer.offerId < b.offer.offerId ? -1 : 1))
    .flatMap(({ offer, uses, discount }) =>
      escrowsOf(offer.limits).map(({ kind, limit }) => ({
        offerId: offer.offerId,
        kind,
        limit,
        amount: kind === 'uses' ? BigInt(uses) : discount,
      })),
    );
}

/** The first slot from `start` on that has enough and that nobody else is taking from: waits for nobody. */
async function takeFromOne(
  client: pg.PoolClient,
  { offerId, kind, start, amount }: Need & { start: number },
): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'registry.escrow-take',
    text: `UPDATE escrow_slot SET remaining = remaining - $4
           WHERE (offer_id, kind, slot) = (
             SELECT offer_id, kind, slot FROM escrow_slot
             WHERE offer_id = $1 AND kind = $2 AND remaining >= $4
             ORDER BY slot < $3, slot LIMIT 1 FOR UPDATE SKIP LOCKED
           ) AND remaining >= $4`,
    values: [offerId, kind, start, amount],
  });
  return rowCount === 1;
}

/** Near the end no slot has enough: all of them are locked, in order, and drained until it is. */
async function takeAcross(client: pg.PoolClient, { offerId, kind, amount }: Need): Promise<boolean> {
  const { rows } = await client.query<{ slot: number; remaining: bigint }>({
    name: 'registry.escrow-lock-all',
    text: `SELECT slot, remaining FROM escrow_slot WHERE offer_id = $1 AND kind = $2 ORDER BY slot FOR UPDATE`,
    values: [offerId, kind],
  });
  let missing = amount;
  const takings = rows.map(({ slot, remaining }) => {
    const taken = remaining < missing ? remaining : missing;
    missing -= taken;
    return { slot, taken };
  });
  if (missing > 0n) return false;
  await client.query({
    name: 'registry.escrow-drain',
    text: `UPDATE escrow_slot s SET remaining = s.remaining - t.taken
           FROM unnest($3::int2[], $4::int8[]) AS t (slot, taken)
           WHERE s.offer_id = $1 AND s.kind = $2 AND s.slot = t.slot AND t.taken > 0`,
    values: [offerId, kind, takings.map(({ slot }) => slot), takings.map(({ taken }) => taken)],
  });
  return true;
}
