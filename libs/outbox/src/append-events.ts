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
  await client.query({
    name: 'outbox-append',
    text: `WITH due AS (INSERT INTO outbox_due SELECT * FROM unnest($1::uuid[]))
           INSERT INTO outbox (id, subject, payload, traceparent)
           SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[])`,
    values: [
      rows.map(() => uuidv7()),
      rows.map(({ contract }) => contract.subject),
      rows.map(bodyOf),
      rows.map(({ traceparent }) => traceparent ?? null),
    ],
  });
}

function bodyOf({ contract, payload }: OutboxEvent): string {
  const wire = wireOf(contract.payload, payload);
  if (Buffer.byteLength(wire) > PAYLOAD_BYTES_MAX) {
    throw new RangeError(
      `${contract.subject}: ${Buffer.byteLength(wire)} bytes, at most ${PAYLOAD_BYTES_MAX}`,
    );
  }
  return wire;
}
