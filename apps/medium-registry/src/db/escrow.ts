import type pg from 'pg';
import {
  type EscrowKind,
  needsOf,
  type OfferUse,
  type Slot,
  slotsOf,
  startSlot,
  takings,
} from '../domain/escrow.ts';

/** What is in the slots of limited offers, as committed. */
export class EscrowSlots {
  private readonly slots = new Map<string, Slot[]>();

  add({ offerId, kind, ...slot }: Slot & { offerId: string; kind: EscrowKind }): void {
    const key = `${offerId} ${kind}`;
    this.slots.set(key, [...(this.slots.get(key) ?? []), slot]);
  }

  of(offerId: string, kind: EscrowKind): readonly Slot[] {
    return this.slots.get(`${offerId} ${kind}`) ?? [];
  }

  /** Over all slots of a limit. */
  left(offerId: string, kind: EscrowKind): bigint {
    return this.of(offerId, kind).reduce((sum, { remaining }) => sum + remaining, 0n);
  }
}

/** Another transaction took from a slot between its reading and its locking: roll back, and do the same again. */
export class SlotTaken extends Error {
  override readonly name = 'SlotTaken';
}

/** Reads slots and locks none of them. */
export async function readSlots(client: pg.PoolClient, offerIds: readonly string[]): Promise<EscrowSlots> {
  const slots = new EscrowSlots();
  if (offerIds.length === 0) return slots;
  const { rows } = await client.query<Slot & { offerId: string; kind: EscrowKind }>({
    name: 'registry.escrow-slots',
    text: `SELECT offer_id AS "offerId", kind, slot, remaining FROM escrow_slot WHERE offer_id = ANY ($1::uuid[])`,
    values: [offerIds],
  });
  for (const row of rows) slots.add(row);
  return slots;
}

/**
 * Takes what uses need from the slots of their offers, as few slots of each as have enough. Locks no slot but those it
 * takes from, all in the order of their key: so nobody waits in a circle, and nobody for a slot that is not needed.
 *
 * @param slots as read; together they must have enough
 * @param settlementId says where the search for a slot begins
 * @throws SlotTaken if a slot has less than it had
 */
export async function takeEscrow(
  client: pg.PoolClient,
  slots: EscrowSlots,
  settlementId: string,
  offerUses: readonly OfferUse[],
): Promise<void> {
  const wanted = needsOf(offerUses).flatMap(({ offerId, kind, limit, amount }) => {
    const start = startSlot(settlementId, slotsOf(limit).length);
    const from = takings(slots.of(offerId, kind), start, amount);
    if (!from)
      throw new RangeError(`the ${kind} of offer ${offerId} was taken without looking at what is left`);
    return from.map(({ slot, taken }) => ({ offerId, kind, slot, amount: -taken }));
  });
  if ((await move(client, wanted)) < wanted.length) throw new SlotTaken();
}

/** Gives back what uses had taken; into one slot of each limit, from where it is found again as anything left is. */
export async function giveBackEscrow(
  client: pg.PoolClient,
  settlementId: string,
  offerUses: readonly OfferUse[],
): Promise<void> {
  await move(
    client,
    needsOf(offerUses).map(({ offerId, kind, limit, amount }) => ({
      offerId,
      kind,
      slot: startSlot(settlementId, slotsOf(limit).length),
      amount,
    })),
  );
}

interface Movement {
  offerId: string;
  kind: EscrowKind;
  slot: number;
  /** Below zero: taken. */
  amount: bigint;
}

/** @returns how many slots it moved; not those that have too little */
async function move(client: pg.PoolClient, movements: readonly Movement[]): Promise<number> {
  if (movements.length === 0) return 0;
  // Each slot is looked up by itself, and the update says the key once more: planned while there are no slots, joins would
  // read all that come later.
  const { rowCount } = await client.query({
    name: 'registry.escrow-move',
    text: `
      WITH locked AS MATERIALIZED (
        SELECT m.*
        FROM (SELECT * FROM unnest($1::uuid[], $2::text[], $3::int2[], $4::int8[])
                AS m (offer_id, kind, slot, amount) ORDER BY 1, 2, 3) AS m
        CROSS JOIN LATERAL (
          SELECT FROM escrow_slot e WHERE e.offer_id = m.offer_id AND e.kind = m.kind AND e.slot = m.slot FOR UPDATE
        ) AS e
      )
      UPDATE escrow_slot e SET remaining = e.remaining + l.amount FROM locked l
      WHERE e.offer_id = l.offer_id AND e.kind = l.kind AND e.slot = l.slot AND e.remaining + l.amount >= 0
        AND e.offer_id = ANY ($1)`,
    values: [
      movements.map(({ offerId }) => offerId),
      movements.map(({ kind }) => kind),
      movements.map(({ slot }) => slot),
      movements.map(({ amount }) => amount),
    ],
  });
  return rowCount ?? 0;
}
