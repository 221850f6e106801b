import { type EventContract, wireOf } from '@couplet/contracts';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';

/** A fact to be published when the surrounding transaction commits. */
export interface OutboxEvent<Contract extends EventContract = EventContract> {
  contract: Contract;
  payload: z.output<Contract['payload']>;
  /** W3C trace context of what caused it. */
  traceparent?: string | undefined;
}

/** NATS refuses messages above 1 MiB, headers included. What it would refuse for ever must not commit. */
const PAYLOAD_BYTES_MAX = 1_000_000;

/**
 * Writes events into the outbox, all of them by one statement, so also those of many callers, in the caller's transaction: they are published if,
 * and only if, it commits. Call `OutboxRelay.wake()` after the commit.
 *
 * @throws ZodError if a payload does not fit its contract
 * @throws RangeError if a payload is larger than NATS would take
 */
export async function appendEvents<Contracts extends readonly EventContract[]>(
  client: pg.PoolClient,
  events: { readonly [Index in keyof Contracts]: OutboxEvent<Contracts[Index]> },
): Promise<void> {
  if (events.length === 0) return;
  const rows = events as readonly OutboxEvent[];
  await client.query({ ...APPEND, values: [eventsJson(rows)] });
}

/**
 * Common table expressions that append, of the events in a parameter, those whose row was written: for a statement that is
 * itself the transaction.
 *
 * @param written the expression before it that tells by `n` which rows were written
 * @param parameter such as `$2`, with what {@link eventsJson} says
 */
export const appendEventsOf = (written: string, parameter: string): string =>
  appending(`${eventsIn(parameter)} JOIN ${written} USING (n)`);

const eventsIn = (parameter: string): string =>
  `json_to_recordset(${parameter}) AS event (n int, id uuid, subject text, payload text, traceparent text)`;

const appending = (events: string): string => `
    event AS MATERIALIZED (
      SELECT event.* FROM ${events}
    ), due AS (
      INSERT INTO outbox_due SELECT id FROM event
    ), appended AS (
      INSERT INTO outbox (id, subject, payload, traceparent) SELECT id, subject, payload, traceparent FROM event
    )`;

const APPEND = { name: 'outbox-append', text: `WITH ${appending(eventsIn('$1'))} SELECT` };

/**
 * Events as the statements above take them.
 *
 * @param events `n` is that of the row an event tells of, where it tells of one
 * @throws ZodError if a payload does not fit its contract
 * @throws RangeError if a payload is larger than NATS would take
 */
export const eventsJson = (events: readonly (OutboxEvent & { readonly n?: number })[]): string =>
  JSON.stringify(
    events.map((event) => ({
      n: event.n,
      id: uuidv7(),
      subject: event.contract.subject,
      payload: bodyOf(event),
      traceparent: event.traceparent,
    })),
  );

function bodyOf({ contract, payload }: OutboxEvent): string {
  const wire = wireOf(contract.payload, payload);
  if (Buffer.byteLength(wire) > PAYLOAD_BYTES_MAX) {
    throw new RangeError(
      `${contract.subject}: ${Buffer.byteLength(wire)} bytes, at most ${PAYLOAD_BYTES_MAX}`,
    );
  }
  return wire;
}
