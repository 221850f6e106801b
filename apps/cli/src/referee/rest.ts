import { EVENT_CONSUMERS, SERVICES, type Service } from '@couplet/contracts';
import { schemaOf } from '@couplet/infra';
import { jetstreamManager } from '@nats-io/jetstream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { NatsConnection } from '../topology/start-topology.ts';
import type { Pool } from './read-facts.ts';

const POLL_MS = 200;
/** Between two reads a message may be on its way from one place to the next, seen in neither. */
const QUIET_READS = 2;

/**
 * Waits until nothing is under way any more: no undecided attempt, nothing to ask of the card network, no reservation without
 * its end, no event unpublished or unread.
 *
 * @returns what is still under way when the time is over; empty when everything is at rest
 */
export async function untilAtRest(
  admin: Pool,
  operator: NatsConnection,
  patienceMs: number,
): Promise<string[]> {
  const end = performance.now() + patienceMs;
  for (let quiet = 0; ;) {
    const underWay = [...(await inDatabases(admin)), ...(await inStreams(operator))];
    quiet = underWay.length === 0 ? quiet + 1 : 0;
    if (quiet === QUIET_READS || performance.now() > end) return underWay;
    await sleep(POLL_MS);
  }
}

async function inDatabases(admin: Pool): Promise<string[]> {
  const counts = [
    ['undecided attempts', `SELECT count(*) FROM settlement_relay.attempt WHERE state = 'started'`],
    [
      'parts of sales that were cancelled',
      `SELECT count(*) FROM settlement_relay.attempt part
       JOIN settlement_relay.attempt first ON first.settlement_id = part.continues_now
       WHERE first.state IN ('cancelled', 'abandoned')`,
    ],
    ['requests to the card network in the queue', 'SELECT count(*) FROM settlement_relay.network_queue'],
    ['undecided scans', 'SELECT count(*) FROM barcode.asked_scan'],
    ['reservations without an end', 'SELECT count(*) FROM medium_registry.open_reservation'],
    ...(await outboxes(admin)).map((service) => [
      `events in the outbox of ${service}`,
      `SELECT count(*) FROM ${schemaOf(service)}.outbox_due`,
    ]),
  ] as [what: string, sql: string][];
  const underWay: string[] = [];
  for (const [what, sql] of counts) {
    const { rows } = await admin.query<{ count: bigint }>(sql);
    if (rows[0]!.count > 0n) underWay.push(`${rows[0]!.count} ${what}`);
  }
  return underWay;
}

/** Services that publish events. */
export async function outboxes(admin: Pool): Promise<Service[]> {
  const { rows } = await admin.query<{ table_schema: string }>(
    `SELECT table_schema FROM information_schema.tables WHERE table_name = 'outbox'`,
  );
  const schemas = new Set(rows.map(({ table_schema }) => table_schema));
  return SERVICES.filter((service) => schemas.has(schemaOf(service)));
}

async function inStreams(operator: NatsConnection): Promise<string[]> {
  const manager = await jetstreamManager(operator);
  const infos = await Promise.all(
    EVENT_CONSUMERS.map(({ stream, durable }) => manager.consumers.info(stream, durable)),
  );
  return infos
    .map(({ stream_name, name, num_pending, num_ack_pending }) => ({
      stream_name,
      name,
      left: num_pending + num_ack_pending,
    }))
    .filter(({ left }) => left > 0)
    .map(({ stream_name, name, left }) => `${left} events of ${stream_name} unread by ${name}`);
}
