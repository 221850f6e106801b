import { type Decision, decide, type FollowUp, NO_CURRENCY, type Rail } from '../domain/follow-up.ts';
import { charged, type Hold } from '../domain/hold.ts';
import { Overtaken } from './overtaken.ts';
import type { Queryable } from './queryable.ts';

export interface FollowUpRequest {
  requestId: string;
  authorizationId: string;
  settlementId: string;
  followUp: FollowUp;
  rail: Rail;
  /** Why it is refused whatever the state. */
  refusal: string | undefined;
}

export type FollowUpAnswer = { outcome: 'done' | 'refused'; reason?: string };

/** The request id was used before for something else. */
export class RequestIdReused extends Error {
  override readonly name = 'RequestIdReused';
}

/**
 * Answers a follow-up by its id, or by the table: reads the authorization, decides, and writes the new state, the
 * money given back and the answer by one statement that holds only for the version that was read.
 *
 * @throws Overtaken, RequestIdReused, and what PostgreSQL says when a duplicate of the request wrote first
 */
export async function followUpOnce(db: Queryable, asked: FollowUpRequest): Promise<FollowUpAnswer> {
  const { hold, version, answer } = await read(db, asked);
  if (answer) return answer;
  const decision = decide(hold, asked.followUp, asked.rail, asked.refusal);
  const written =
    hold || !decision.next
      ? await writeDecision(db, asked, decision, hold, version)
      : await recordReversed(db, asked);
  if (!written) throw new Overtaken();
  return decision.outcome === 'done' ? { outcome: 'done' } : { outcome: 'refused', reason: decision.reason };
}

interface ReadRow {
  state: Hold['state'] | null;
  currency: string;
  authorized: bigint;
  held: bigint;
  captured: bigint;
  refunded: bigint;
  capture_refusal: string | null;
  version: number;
  asked_verb: string | null;
  asked_authorization: string;
  outcome: 'done' | 'refused';
  reason: string | null;
}

async function read(db: Queryable, { requestId, authorizationId, followUp }: FollowUpRequest) {
  const { rows } = await db.query<ReadRow>({
    name: 'follow-up-read',
    text: `SELECT a.state, a.currency, a.authorized, a.held, a.captured, a.refunded, a.capture_refusal, a.version,
                  f.verb AS asked_verb, f.authorization_id AS asked_authorization, f.outcome, f.reason
             FROM (SELECT) AS always
             LEFT JOIN card_authorization a ON a.authorization_id = $1
             LEFT JOIN follow_up f ON f.request_id = $2`,
    values: [authorizationId, requestId],
  });
  const row = rows[0]!;
  if (
    row.asked_verb !== null &&
    (row.asked_verb !== followUp.verb || row.asked_authorization !== authorizationId)
  ) {
    throw new RequestIdReused();
  }
  const answer = row.asked_verb === null ? undefined : answerOf(row);
  return { answer, version: row.version, hold: row.state === null ? undefined : holdOf(row, row.state) };
}

async function writeDecision(
  db: Queryable,
  { requestId, authorizationId, followUp }: FollowUpRequest,
  decision: Decision,
  hold: Hold | undefined,
  version: number | null,
): Promise<boolean> {
  const next = decision.next ?? hold;
  const { rowCount } = await db.query({
    name: 'follow-up-write',
    text: `WITH changed AS (
             UPDATE card_authorization
                SET state = $6, held = $7, captured = $8, refunded = $9, capture_refusal = $10, version = version + 1
              WHERE authorization_id = $2 AND version = $5
             RETURNING card, currency
           ), given_back AS (
             UPDATE card_balance b SET available = available + $11::int8
               FROM changed WHERE b.card = changed.card AND b.currency = changed.currency AND $11::int8 > 0
           )
           INSERT INTO follow_up (request_id, authorization_id, verb, outcome, reason)
           SELECT $1, $2, $3, $4, $12 WHERE $5::int IS NULL OR EXISTS (SELECT FROM changed)`,
    values: [
      requestId,
      authorizationId,
      followUp.verb,
      decision.outcome,
      version,
      next?.state,
      next?.held,
      next?.captured,
      next?.refunded,
      next?.captureRefusal,
      hold && next ? charged(hold) - charged(next) : 0n,
      decision.outcome === 'refused' ? decision.reason : null,
    ],
  });
  return rowCount === 1;
}

/** The authorize of this id may still come: it will find it reversed. */
async function recordReversed(
  db: Queryable,
  { requestId, authorizationId, settlementId }: FollowUpRequest,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'record-reversed',
    text: `WITH fresh AS (
             INSERT INTO card_authorization (authorization_id, settlement_id, last4, currency, state, authorized, held)
             VALUES ($2, $3, '', $4, 'reversed', 0, 0) ON CONFLICT DO NOTHING RETURNING 1
           )
           INSERT INTO follow_up (request_id, authorization_id, verb, outcome)
           SELECT $1, $2, 'reverse', 'done' FROM fresh`,
    values: [requestId, authorizationId, settlementId, NO_CURRENCY],
  });
  return rowCount === 1;
}

function answerOf({ outcome, reason }: ReadRow): FollowUpAnswer {
  return reason === null ? { outcome } : { outcome, reason };
}

function holdOf(row: ReadRow, state: Hold['state']): Hold {
  const { currency, authorized, held, captured, refunded, capture_refusal } = row;
  const hold = { state, currency, authorized, held, captured, refunded };
  return capture_refusal === null ? hold : { ...hold, captureRefusal: capture_refusal };
}
