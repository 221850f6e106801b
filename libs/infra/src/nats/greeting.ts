import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** The INFO line with which a NATS server greets, as far as it is used here. */
export interface Greeting {
  version: string;
  jetstream?: boolean;
}

/**
 * Waits for a NATS server to answer, with JetStream ready where it is enabled.
 *
 * @param givenUp asked between tries; true ends the wait
 */
export async function awaitGreeting(
  host: string,
  port: number,
  givenUp: () => boolean,
): Promise<Greeting | undefined> {
  while (!givenUp()) {
    const greeting = await greet(host, port);
    if (greeting) return greeting;
    await sleep(10);
  }
  return undefined;
}

function greet(host: string, port: number): Promise<Greeting | undefined> {
  return new Promise((resolve) => {
    let received = '';
    const socket = connect({ host, port, timeout: 2_000 });
    const finish = (greeting?: Greeting) => {
      socket.destroy();
      resolve(greeting);
    };
    socket.on('data', (chunk) => {
      received += chunk.toString();
      const info = /^INFO (\{.*\})\s*\r\n/.exec(received)?.[1];
      if (info) finish(JSON.parse(info) as Greeting);
    });
    socket.on('error', () => finish()); // Not there yet: asked again.
    socket.on('timeout', () => finish());
    socket.on('close', () => finish());
  });
}
