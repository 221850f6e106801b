import { inboxPrefix } from '@couplet/contracts';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { DataError } from '../journey/data-error.ts';
import { resultLines, summary } from '../relay-conformance/report.ts';
import { runChecks } from '../relay-conformance/run-checks.ts';
import { Wire } from '../relay-conformance/wire.ts';

export interface RelayConformanceOptions {
  relay: string;
  nats: string;
  user: string;
  password?: string;
  card: string;
  currency: string;
  timeout: number;
  json: boolean;
}

/**
 * Plays the network table against a relay as settlement-relay would.
 *
 * @param print one line
 * @returns whether nothing failed
 */
export async function relayConformance(
  options: RelayConformanceOptions,
  print: (line: string) => void,
): Promise<boolean> {
  const { relay, currency, timeout, json } = options;
  const card = options.card.replaceAll(/[ -]/g, '');
  // Not told by the parser of options, which would repeat the number.
  if (!/^\d{12,19}$/.test(card)) throw new DataError('--card must be 12 to 19 digits.');
  const connection = await connected(options);
  try {
    const wire = new Wire(connection, relay, timeout);
    const results = await runChecks(wire, { card, currency }, (result) => {
      if (!json) for (const line of resultLines(result)) print(line);
    });
    const sum = summary(results);
    print(json ? JSON.stringify({ relay, summary: sum, results }, null, 2) : sum);
    return results.every(({ verdict }) => verdict !== 'failed');
  } finally {
    await connection.close();
  }
}

/** @throws DataError if there is no server, or not for this user */
async function connected({ nats, user, password }: RelayConformanceOptions): Promise<NatsConnection> {
  try {
    return await connect({
      servers: nats.split(','),
      name: 'relay-conformance',
      inboxPrefix: inboxPrefix(user),
      maxReconnectAttempts: 5,
      ...(password === undefined ? {} : { user, pass: password }),
    });
  } catch (error) {
    throw new DataError(`NATS at ${nats}: ${(error as Error).message}`);
  }
}
