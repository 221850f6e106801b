import { SettlementAbandonedV1, SettlementCapturedV1, SettlementGrantedV1 } from '@couplet/contracts';
import { startNats, type RunningNats } from '@couplet/infra';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';
import { nanos, type NatsConnection } from '@nats-io/transport-node';
import { Controller, Inject, Module } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  applyStreams,
  connectNats,
  EventPublisher,
  OnEvent,
  PublishRefused,
  type EventContext,
  type TransportOptions,
} from '../src/index.ts';
import { gateOf, startService, type TestService } from './test-service.ts';

const STREAM = 'EVENT_SETTLEMENT_RELAY';
const DURABLE = 'medium-registry';
const HANDLE = Symbol('handle');
type Handle = (event: SettlementAbandonedV1, context: EventContext) => Promise<void>;

/** A medium-registry that reads one of settlement-relay's facts. */
@Controller()
class AbandonedController {
  constructor(@Inject(HANDLE) private readonly handle: Handle) {}

  @OnEvent(SettlementAbandonedV1)
  onAbandoned(@Payload() event: SettlementAbandonedV1, @Ctx() context: EventContext): Promise<void> {
    return this.handle(event, context);
  }
}

@Module({})
class EventModule {}

let nats: RunningNats;
let connection: NatsConnection;
let manager: JetStreamManager;
let publisher: EventPublisher;
const running: TestService[] = [];

beforeAll(async () => {
  nats = await startNats();
  connection = await connectNats({ url: nats.url, name: 'operator' });
  manager = await jetstreamManager(connection);
  publisher = new EventPublisher(connection, 'operator');
});
beforeEach(async () => {
  for await (const stream of manager.streams.list()) await manager.streams.delete(stream.config.name);
  await applyStreams(connection);
});
afterEach(async () => void (await Promise.all(running.splice(0).map((service) => service.close()))));
afterAll(async () => {
  await connection.close();
  await nats.stop();
});

async function consume(handle: Handle, options: Partial<TransportOptions> = {}): Promise<TestService> {
  const module = {
    module: EventModule,
    controllers: [AbandonedController],
    providers: [{ provide: HANDLE, useValue: handle }],
  };
  const eventLimits = { backOffMs: [20], ...options.eventLimits };
  const service = await startService(nats.url, module, { service: DURABLE, ...options, eventLimits });
  running.push(service);
  return service;
}

const abandoned = (change: object = {}) => ({
  settlementId: randomUUID(),
  relay: 'shop',
  reason: 'timeout',
  abandonedAt: '2017-03-26T17:22:21Z',
  ...change,
});

function publish(body: unknown, { id = randomUUID(), subject = SettlementAbandonedV1.subject } = {}) {
  const json = typeof body === 'string' ? body : JSON.stringify(body);
  return publisher.publish({
    id,
    subject,
    source: 'settlement-relay',
    time: '2017-03-26T17:22:21Z',
    body: json,
  });
}

const consumerInfo = () => manager.consumers.info(STREAM, DURABLE);

/** Waits until it is so; the test's own timeout ends it when it never is. */
async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await isSo())) await delay(20);
}

async function settled(): Promise<void> {
  await until(async () => {
    const { num_pending, num_ack_pending } = await consumerInfo();
    return num_pending === 0 && num_ack_pending === 0;
  });
}

async function deadLetters() {
  const { state } = await manager.streams.info('DEAD_LETTER');
  const letters = [];
  for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq++) {
    const letter = await manager.streams.getMessage('DEAD_LETTER', { seq });
    if (letter) letters.push({ subject: letter.subject, body: letter.string(), headers: letter.header });
  }
  return letters;
}

describe('publishing', () => {
  it('carries a CloudEvent in binary mode, once however often it is repeated', async () => {
    const id = randomUUID();
    expect(await publish(abandoned(), { id })).toEqual({ duplicate: false });
    expect(await publish(abandoned(), { id })).toEqual({ duplicate: true });
    const stored = await manager.streams.getMessage(STREAM, { seq: 1 });
    const headers = Object.fromEntries(
      [...(stored?.header ?? [])].map(([name, values]) => [name, values[0]]),
    );
    expect(headers).toEqual({
      'ce-specversion': '1.0',
      'ce-id': id,
      'ce-source': 'settlement-relay',
      'ce-type': SettlementAbandonedV1.subject,
      'ce-time': '2017-03-26T17:22:21Z',
      'content-type': 'application/json',
      'Nats-Msg-Id': id,
    });
  });

  it('fails when no stream has the event, or the stream refuses it', async () => {
    await expect(publish({}, { subject: 'couplet.event.nobody.did-it.v1' })).rejects.toThrow(
      'nobody answers',
    );
    await manager.streams.update(STREAM, { max_bytes: 1 });
    await expect(publish(abandoned())).rejects.toThrow(PublishRefused);
  });
});

describe('an event', () => {
  it('reaches the handler decoded and is acknowledged only after it returned', async () => {
    const gate = gateOf();
    const seen: unknown[] = [];
    const service = await consume(async (event, context) => {
      seen.push({ event, context });
      await gate.promise;
    });
    const [id, body] = [randomUUID(), abandoned()];
    await publish(body, { id });
    await until(() => seen.length === 1);
    expect(seen).toEqual([
      {
        event: body,
        context: {
          eventId: id,
          type: SettlementAbandonedV1.subject,
          time: '2017-03-26T17:22:21Z',
          deliveries: 1,
        },
      },
    ]);
    await service.connection.flush(); // An acknowledgement sent too early would have arrived by now.
    expect((await consumerInfo()).num_ack_pending).toBe(1);
    gate.resolve();
    await settled();
    expect(seen).toHaveLength(1);
  });

  it('whose handler throws comes again after its back-off', async () => {
    const deliveries: number[] = [];
    await consume(async (_event, context) => {
      deliveries.push(context.deliveries);
      if (context.deliveries < 3) throw new Error('not yet');
    });
    await publish(abandoned());
    await settled();
    expect(deliveries).toEqual([1, 2, 3]);
    expect(await deadLetters()).toEqual([]);
  });

  it('that failed as often as it may becomes a dead letter', async () => {
    let deliveries = 0;
    await consume(
      async () => {
        deliveries++;
        throw new Error('never');
      },
      { eventLimits: { maxDeliveries: 3 } },
    );
    const body = abandoned();
    await publish(body);
    await settled();
    expect(deliveries).toBe(3);
    const [letter] = await deadLetters();
    expect(letter?.subject).toBe(`couplet.dead-letter.${DURABLE}.${SettlementAbandonedV1.subject}`);
    expect(JSON.parse(letter?.body ?? '')).toEqual(body);
    expect(letter?.headers.get('Couplet-Dead-Letter-Reason')).toBe('failed too often');
    expect(letter?.headers.get('ce-type')).toBe(SettlementAbandonedV1.subject);
  });

  it.each([
    ['not JSON', '{"settlementId":', 'the body is not JSON'],
    ['broken', abandoned({ relay: undefined }), 'does not fit the schema: relay is missing'],
  ])('that is %s becomes a dead letter and holds up nothing', async (_why, poison, reason) => {
    const seen: string[] = [];
    await consume(async ({ settlementId }) => void seen.push(settlementId));
    const sound = abandoned();
    await publish(poison);
    await publish(sound);
    await settled();
    expect(seen).toEqual([sound.settlementId]);
    expect((await deadLetters()).map(({ headers }) => headers.get('Couplet-Dead-Letter-Reason'))).toEqual([
      reason,
    ]);
  });

  it('without CloudEvents headers becomes a dead letter', async () => {
    await consume(async () => undefined);
    await connection.request(SettlementAbandonedV1.subject, JSON.stringify(abandoned()));
    await settled();
    expect(await deadLetters()).toHaveLength(1);
  });

  it('is not given up while its dead letter cannot be stored', async () => {
    await consume(async () => undefined);
    await manager.streams.delete('DEAD_LETTER');
    await publish('{');
    await until(async () => (await consumerInfo()).num_redelivered > 0);
    await applyStreams(connection);
    await settled();
    expect(await deadLetters()).toHaveLength(1);
  });

  it('that nobody here handles is acknowledged', async () => {
    await consume(async () => undefined);
    await publish('{}', { subject: SettlementGrantedV1.subject });
    await publish('{}', { subject: SettlementCapturedV1.subject });
    await settled();
    expect(await deadLetters()).toEqual([]);
  });

  it('in a long handler is not given to anyone else', async () => {
    await manager.consumers.update(STREAM, DURABLE, { ack_wait: nanos(1_500) });
    const gate = gateOf();
    let deliveries = 0;
    await consume(
      async () => {
        deliveries++;
        await gate.promise;
      },
      { eventLimits: { workingEveryMs: 50 } },
    );
    await publish(abandoned());
    await until(() => deliveries === 1);
    const { promise, resolve } = gateOf();
    setTimeout(resolve, 3_000); // Twice ack_wait, which is long for a machine that is busy.
    await promise;
    gate.resolve();
    await settled();
    expect(deliveries).toBe(1);
  });
});

describe('consuming', () => {
  it('keeps to its concurrency', async () => {
    const gate = gateOf();
    let [started, atOnce, most] = [0, 0, 0];
    await consume(
      async () => {
        started++;
        most = Math.max(most, ++atOnce);
        await gate.promise;
        atOnce--;
      },
      { eventLimits: { concurrent: 3 } },
    );
    for (let count = 0; count < 10; count++) await publish(abandoned());
    await until(() => atOnce === 3);
    gate.resolve();
    await settled();
    expect({ started, most }).toEqual({ started: 10, most: 3 });
  });

  it('loses nothing and doubles nothing when a replica drains in the middle', async () => {
    const handled: string[] = [];
    const slowly: Handle = async ({ settlementId }) => {
      await delay(5);
      handled.push(settlementId);
    };
    const leaving = await consume(slowly);
    await consume(slowly);
    const bodies = Array.from({ length: 300 }, () => abandoned());
    const publishing = Promise.all(bodies.map((body) => publish(body)));
    await until(() => handled.length > 20);
    await leaving.close();
    running.splice(running.indexOf(leaving), 1);
    await publishing;
    await settled();
    expect(handled.sort()).toEqual(bodies.map(({ settlementId }) => settlementId).sort());
  });

  it('leaves what is not done in time to another replica', async () => {
    const never = gateOf();
    let begun = 0;
    const stuck = await consume(() => (begun++, never.promise), { drainMs: 50 });
    const body = abandoned();
    await publish(body);
    await until(() => begun === 1);
    await stuck.close();
    running.splice(running.indexOf(stuck), 1);
    // Not which delivery this is: nats-server 2.9 takes one back that it tried on the subscription that is going.
    const seen: string[] = [];
    await consume(async ({ settlementId }) => void seen.push(settlementId));
    await settled();
    expect(seen).toEqual([body.settlementId]);
    never.resolve();
  });

  it('goes on after kill -9 and restart of the server', async () => {
    const seen: string[] = [];
    await consume(async ({ settlementId }) => void seen.push(settlementId));
    const [before, after] = [abandoned(), abandoned()];
    await publish(before);
    await settled();
    await nats.kill();
    await nats.restart();
    await until(() =>
      publish(after).then(
        () => true,
        () => false,
      ),
    );
    await until(() => seen.includes(after.settlementId));
    expect(seen).toEqual([before.settlementId, after.settlementId]);
  }, 30_000);

  it('begins as soon as its stream and consumer are there', async () => {
    for await (const stream of manager.streams.list()) await manager.streams.delete(stream.config.name);
    const seen: string[] = [];
    await consume(async ({ settlementId }) => void seen.push(settlementId));
    await applyStreams(connection);
    const body = abandoned();
    await publish(body);
    await until(() => seen.length === 1);
  }, 15_000);

  it('begins anew when its consumer was taken away', async () => {
    const seen: string[] = [];
    await consume(async ({ settlementId }) => void seen.push(settlementId));
    await publish(abandoned());
    await settled();
    await manager.consumers.delete(STREAM, DURABLE);
    await applyStreams(connection);
    await publish(abandoned());
    await until(() => seen.length >= 3); // The new consumer starts at the beginning of the stream.
  }, 30_000);
});

it('applying the streams twice changes nothing', async () => {
  const describe = async () => {
    const streams = [];
    for await (const { config, created } of manager.streams.list()) streams.push({ ...config, created });
    const { config, created } = await consumerInfo();
    return { streams, config, created };
  };
  const first = await describe();
  await applyStreams(connection);
  expect(await describe()).toEqual(first);
});
