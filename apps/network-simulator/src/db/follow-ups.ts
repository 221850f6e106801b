import {
  type Decision,
  decide,
  type FollowUp,
  type Interference,
  NO_CURRENCY,
  type Rail,
} from '../domain/follow-up.ts';
import { charged, type Hold } from '../domain/hold.ts';
import { roundsOf } from '../domain/rounds.ts';
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
 * Answers follow-ups by their ids, or by the table: reads the authorizations, decides, and writes the new states, the
 * money given back and the answers by one statement that holds only for the versions that were read.
 *
 * @returns for each the answer, or what came in its way, `Overtaken` or `RequestIdReused`
 * @throws what PostgreSQL says when a duplicate of a request wrote first
 */
export async function followUpAll(
  db: Queryable,
  asked: readonly FollowUpRequest[],
): Promise<(FollowedUp | Overtaken | RequestIdReused)[]> {
  const results = new Map<FollowUpRequest, FollowedUp | Overtaken | RequestIdReused>();
  for (const round of roundsOf(asked, keysOf)) {
    const rows = await read(db, round);
    const toWrite: Decided[] = [];
    round.forEach((one, index) => {
      const found = foundFor(one, rows[index]!);
      if ('answer' in found || found instanceof RequestIdReused) results.set(one, found);
      else toWrite.push(decided(one, found));
    });
    const written = await write(db, toWrite);
    for (const { asked: one, result } of toWrite) {
      results.set(one, written.has(one.requestId) ? result : new Overtaken());
    }
  }
  return asked.map((one) => results.get(one)!);
}

const keysOf = ({ requestId, authorizationId }: FollowUpRequest): string[] => [
  requestId,
  `authorization ${authorizationId}`,
];

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

/**
 * Each is looked up by itself, here and below, and what updates rows says their key once more as an array: planned while the
 * tables are empty, joins would read all that comes later.
 *
 * @returns a row for each, in their order
 */
async function read(db: Queryable, asked: readonly FollowUpRequest[]): Promise<ReadRow[]> {
  const { rows } = await db.query<ReadRow>({
    name: 'follow-up-read',
    text: `SELECT a.card, a.test_card, a.stand_in, a.state, a.currency, a.authorized, a.held, a.captured, a.refunded, a.capture_refusal, a.version,
                  f.verb AS asked_verb, f.authorization_id AS asked_authorization, f.outcome, f.reason,
                  coalesce(f.told_from > now(), false) AS untold
             FROM unnest($1::uuid[], $2::uuid[]) WITH ORDINALITY AS asked (authorization_id, request_id, nth)
             LEFT JOIN LATERAL (
               SELECT * FROM card_authorization WHERE authorization_id = asked.authorization_id OFFSET 0
             ) AS a ON true
             LEFT JOIN LATERAL (SELECT * FROM follow_up WHERE request_id = asked.request_id OFFSET 0) AS f ON true
            ORDER BY nth`,
    values: [asked.map(({ authorizationId }) => authorizationId), asked.map(({ requestId }) => requestId)],
  });
  return rows;
}

interface Found {
  hold: Hold | undefined;
  card: string | null;
  testCard: string | null;
  version: number | null;
}

function foundFor(
  { authorizationId, followUp }: FollowUpRequest,
  row: ReadRow,
): Found | FollowedUp | RequestIdReused {
  const { card, version, test_card: testCard, asked_verb: verb } = row;
  if (verb !== null) {
    if (verb !== followUp.verb || row.asked_authorization !== authorizationId) return new RequestIdReused();
    return { ...told(row.outcome, row.reason, row.untold), testCard };
  }
  return { hold: row.state === null ? undefined : holdOf(row, row.state), card, testCard, version };
}

interface Decided {
  asked: FollowUpRequest;
  found: Found;
  decision: Decision;
  pendingMs: number;
  /** Its answer, once it is written. */
  result: FollowedUp;
}

function decided(asked: FollowUpRequest, found: Found): Decided {
  const { pendingMs = 0, ...interference } = asked.interference(found.testCard, found.hold?.state);
  const decision = decide(found.hold, asked.followUp, asked.rail(found.card), interference);
  const reason = decision.outcome === 'done' ? null : decision.reason;
  const result = { ...told(decision.outcome, reason, pendingMs > 0), testCard: found.testCard };
  return { asked, found, decision, pendingMs, result };
}

/** @returns ids of the requests that were written: no other message moved their authorizations */
async function write(db: Queryable, all: readonly Decided[]): Promise<Set<string>> {
  const isFirstSight = ({ found, decision }: Decided): boolean => !found.hold && decision.next !== undefined;
  const written = new Set<string>();
  for (const one of all.filter(isFirstSight)) {
    if (await recordReversed(db, one)) written.add(one.asked.requestId);
  }
  const known = all.filter((one) => !isFirstSight(one));
  if (known.length > 0) for (const id of await writeDecisions(db, known)) written.add(id);
  return written;
}

async function writeDecisions(db: Queryable, all: readonly Decided[]): Promise<string[]> {
  const { rows } = await db.query<{ request_id: string }>({
    name: 'follow-up-write',
    text: `WITH decided AS (
             SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::int[], $6::text[], $7::int8[], $8::int8[],
                                  $9::int8[], $10::text[], $11::int8[], $12::text[], $13::uuid[], $14::float8[])
               AS d (request_id, authorization_id, verb, outcome, version, state, held, captured, refunded, capture_refusal,
                     given_back, reason, settlement_id, pending_ms)
           ), changed AS (
             UPDATE card_authorization a
                SET state = d.state, held = d.held, captured = d.captured, refunded = d.refunded,
                    capture_refusal = d.capture_refusal, version = a.version + 1, settlement_id = d.settlement_id
               FROM decided d
              WHERE a.authorization_id = d.authorization_id AND a.version = d.version AND a.authorization_id = ANY ($2)
             RETURNING a.authorization_id, a.card, a.currency, d.given_back
           ), refill AS (
             SELECT card, currency, sum(given_back)::int8 AS amount FROM changed
              WHERE given_back > 0 GROUP BY card, currency ORDER BY card, currency
           ), purse AS (
             SELECT refill.* FROM refill CROSS JOIN LATERAL (
               SELECT FROM card_balance b WHERE b.card = refill.card AND b.currency = refill.currency FOR UPDATE
             ) AS b
           ), refilled AS (
             UPDATE card_balance b SET available = available + purse.amount
               FROM purse
              WHERE b.card = purse.card AND b.currency = purse.currency AND b.card = ANY (ARRAY(SELECT card FROM purse))
           )
           INSERT INTO follow_up (request_id, authorization_id, verb, outcome, reason, told_from)
           SELECT request_id, authorization_id, verb, outcome, reason, ${TOLD_FROM('pending_ms')} FROM decided
            WHERE version IS NULL OR authorization_id IN (SELECT authorization_id FROM changed)
           RETURNING request_id`,
    values: columnsOf(all.map(writtenRow)),
  });
  return rows.map(({ request_id }) => request_id);
}

/** In the order of `decided` in the statement. */
function writtenRow({ asked, found: { hold, version }, decision, pendingMs }: Decided): unknown[] {
  const next = decision.next ?? hold;
  return [
    asked.requestId,
    asked.authorizationId,
    asked.followUp.verb,
    decision.outcome,
    version,
    next?.state,
    next?.held,
    next?.captured,
    next?.refunded,
    next?.captureRefusal,
    hold && next ? charged(hold) - charged(next) : 0n,
    decision.outcome === 'refused' ? decision.reason : null,
    asked.settlementId, // Of an offline sale it becomes known here.
    pendingMs > 0 ? pendingMs : null,
  ];
}

const columnsOf = (rows: readonly unknown[][]): unknown[][] =>
  rows[0]!.map((_, column) => rows.map((row) => row[column] ?? null));

/** The authorize of this id may still come: it will find it reversed. */
async function recordReversed(db: Queryable, { asked, pendingMs }: Decided): Promise<boolean> {
  const { requestId, authorizationId, settlementId } = asked;
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
