import { FaultAction } from '@couplet/contracts';
import { z } from 'zod';
import type { Action, Fault, Verb } from '../domain/script.ts';
import type { Queryable } from './queryable.ts';

/** A fault as it is kept: the card only as its token. */
export type StoredFault = Omit<Fault, 'card'> & { card: string | undefined };

/** A message that may meet a fault. */
export interface Arrival {
  verb: Verb;
  /** Token, on authorize. */
  card?: string;
  authorizationId?: string;
  requestId?: string;
}

export async function replaceFaults(db: Queryable, faults: readonly StoredFault[]): Promise<void> {
  await db.query('DELETE FROM fault');
  await db.query(
    `INSERT INTO fault (verb, card, action, uses_left)
     SELECT verb, card, action, uses_left
       FROM unnest($1::text[], $2::text[], $3::jsonb[], $4::int[]) WITH ORDINALITY AS f (verb, card, action, uses_left, nth)
      ORDER BY nth`,
    [
      faults.map(({ verb }) => verb),
      faults.map(({ card }) => card ?? null),
      faults.map(({ action }) => JSON.stringify(z.encode(FaultAction, action))),
      faults.map(({ times }) => times),
    ],
  );
}

/**
 * Uses up the first fault that fits, in the caller's transaction. What was decided before stays decided: a repeat meets
 * no fault that is about the decision.
 */
export async function takeFault(db: Queryable, arrival: Arrival): Promise<TakenFault | undefined> {
  // One at a time: two that wait for the same fault would both pass over the next one.
  await db.query('SELECT FROM rail FOR UPDATE');
  const { rows } = await db.query<StoredAction>(
    `UPDATE fault SET uses_left = uses_left - 1
      WHERE position = (
        SELECT position FROM fault
         WHERE verb = $1 AND uses_left > 0
           AND (card IS NULL OR card = coalesce($2, (SELECT card FROM card_authorization WHERE authorization_id = $3)))
           AND NOT (action->>'kind' IN ('decline', 'approve-at-most', 'stand-in') AND EXISTS (SELECT FROM card_authorization WHERE authorization_id = $3))
           AND NOT (action->>'kind' IN ('refuse', 'keep-rest') AND EXISTS (SELECT FROM follow_up WHERE request_id = $4))
         ORDER BY position LIMIT 1)
     RETURNING position::text AS id, action`,
    [arrival.verb, arrival.card ?? null, arrival.authorizationId ?? null, arrival.requestId ?? null],
  );
  return rows[0] && takenFault(rows[0]);
}

export interface TakenFault {
  id: string;
  action: Action;
}

/** Those that can still be used, in order. */
export async function waitingFaults(db: Queryable): Promise<TakenFault[]> {
  const { rows } = await db.query<StoredAction>(
    'SELECT position::text AS id, action FROM fault WHERE uses_left > 0 ORDER BY position',
  );
  return rows.map(takenFault);
}

interface StoredAction {
  id: string;
  action: z.input<typeof FaultAction>;
}

function takenFault({ id, action }: StoredAction): TakenFault {
  return { id, action: z.decode(FaultAction, action) };
}
