import {
  type Decision,
  decide,
  type FollowUp,
  type Interference,
  NO_CURRENCY,
  type Rail,
} from '../domain/follow-up.ts';
import { charged, type Hold } from '../domain/hold.ts';
import { Overtaken } from './overtaken.ts';
import type { Queryable } from './queryable.ts';

export interface FollowUpRequest {
  requestId: string;
  authorizationId: string;
  settlementId: string;
  followUp: FollowUp;
  /** @param card token; null when the authorization was never seen */
  rail(card: string | null): Rail;
  /** @param testCard name, when the authorization is on one */
  interference(
    testCard: string | null,
    state: Hold['state'] | undefined,
  ): Interference & { pendingMs?: number };
}

type FollowUpAnswer = { outcome: 'done' | 'refused' | 'pending'; reason?: string };

export interface FollowedUp {
  answer: FollowUpAnswer;
  /** What it will be once it is not pending. */
  result: 'done' | 'refused';
  /** Name of the test card that the authorization is on. */
  testCard: string | null;
}

/** Null, so at once, when the milliseconds are. */
const TOLD_FROM = (ms: string) => `now() + make_interval(secs => ${ms}::float8 / 1000)`;

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
export async function followUpOnce(db: Queryable, asked: FollowUpRequest): Promise<FollowedUp> {
  const { hold, card, testCard, version, known } = await read(db, asked);
  if (known) return { ...known, testCard };
  const { pendingMs = 0, ...interference } = asked.interference(testCard, hold?.state);
  const decision = decide(hold, asked.followUp, asked.rail(card), interference);
  const written =
    hold || !decision.next
      ? await writeDecision(db, asked, decision, { hold, version, pendingMs })
      : await recordReversed(db, asked, pendingMs);
  if (!written) throw new Overtaken();
  const reason = decision.outcome === 'done' ? null : decision.reason;
  return { ...told(decision.outcome, reason, pendingMs > 0), testCard };
}

interface ReadRow {
  card: string | null;
  test_card: string | null;
  state: Hold['state'] | null;
  currency: string;
  authorized: bigint;
  held: bigint;
  captured: bigint;
  refunded: bigint;
  capture_refusal: string | null;
  stand_in: boolean;
  version: number;
  asked_verb: string | null;
  asked_authorization: string;
  outcome: 'done' | 'refused';
  reason: string | null;
  untold: boolean;
}

async function read(db: Queryable, { requestId, authorizationId, followUp }: FollowUpRequest) {
  const { rows } = await db.query<ReadRow>({
    name: 'follow-up-read',
    text: `SELECT a.card, a.test_card, a.stand_in, a.state, a.currency, a.authorized, a.held, a.captured, a.refunded, a.capture_refusal, a.version,
                  f.verb AS asked_verb, f.authorization_id AS asked_authorization, f.outcome, f.reason,
                  coalesce(f.told_from > now(), false) AS untold
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
  const known = row.asked_verb === null ? undefined : told(row.outcome, row.reason, row.untold);
  const hold = row.state === null ? undefined : holdOf(row, row.state);
  return { known, hold, version: row.version, card: row.card, testCard: row.test_card };
}

async function writeDecision(
  db: Queryable,
  { requestId, authorizationId, settlementId, followUp }: FollowUpRequest,
  decision: Decision,
  { hold, version, pendingMs }: { hold: Hold | undefined; version: number | null; pendingMs: number },
): Promise<boolean> {
  const next = decision.next ?? hold;
  const { rowCount } = await db.query({
    name: 'follow-up-write',
    text: `WITH changed AS (
             UPDATE card_authorization
                SET state = $6, held = $7, captured = $8, refunded = $9, capture_refusal = $10, version = version + 1,
                    settlement_id = $13
              WHERE authorization_id = $2 AND version = $5
             RETURNING card, currency
           ), given_back AS (
             UPDATE card_balance b SET available = available + $11::int8
               FROM changed WHERE b.card = changed.card AND b.currency = changed.currency AND $11::int8 > 0
           )
           INSERT INTO follow_up (request_id, authorization_id, verb, outcome, reason, told_from)
           SELECT $1, $2, $3, $4, $12, ${TOLD_FROM('$14')} WHERE $5::int IS NULL OR EXISTS (SELECT FROM changed)`,
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
      settlementId, // Of an offline sale it becomes known here.
      pendingMs > 0 ? pendingMs : null,
    ],
  });
  return rowCount === 1;
}

/** The authorize of this id may still come: it will find it reversed. */
async function recordReversed(
  db: Queryable,
  { requestId, authorizationId, settlementId }: FollowUpRequest,
  pendingMs: number,
): Promise<boolean> {
  const { rowCount } = await db.query({
    name: 'record-reversed',
    text: `WITH fresh AS (
             INSERT INTO card_authorization (authorization_id, settlement_id, last4, currency, state, authorized, held)
             VALUES ($2, $3, '', $4, 'reversed', 0, 0) ON CONFLICT DO NOTHING RETURNING 1
           )
           INSERT INTO follow_up (request_id, authorization_id, verb, outcome, told_from)
           SELECT $1, $2, 'reverse', 'done', ${TOLD_FROM('$5')} FROM fresh`,
    values: [requestId, authorizationId, settlementId, NO_CURRENCY, pendingMs > 0 ? pendingMs : null],
  });
  return rowCount === 1;
}

function told(
  result: 'done' | 'refused',
  reason: string | null,
  untold: boolean,
): { result: 'done' | 'refused'; answer: FollowUpAnswer } {
  if (untold) return { result, answer: { outcome: 'pending' } };
  return { result, answer: reason === null ? { outcome: result } : { outcome: result, reason } };
}

function holdOf(row: ReadRow, state: Hold['state']): Hold {
  const { currency, authorized, held, captured, refunded, stand_in: standIn, capture_refusal } = row;
  const hold = { state, currency, authorized, held, captured, refunded, standIn };
  return capture_refusal === null ? hold : { ...hold, captureRefusal: capture_refusal };
}
