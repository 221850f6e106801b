import {
  CapabilitiesV1,
  inboxPrefix,
  permissionsFor,
  SERVICES,
  serverPermissions,
  SettlementAbandonedV1,
  SettleV1,
  type NatsPermissions,
} from '@couplet/contracts';
import { startNats, type RunningNats } from '@couplet/infra';
import { jetstreamManager } from '@nats-io/jetstream';
import { createInbox, type NatsConnection } from '@nats-io/transport-node';
import { Controller, Module } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { applyStreams, connectNats, EventPublisher, OnEvent, RequestClient } from '../src/index.ts';
import { SETTLE, startService, startTestService } from './test-service.ts';

const USERS: Record<string, NatsPermissions> = {
  ...Object.fromEntries(SERVICES.map((service) => [service, permissionsFor(service)])),
  gateway: permissionsFor('gateway'),
  operator: permissionsFor('operator'),
  deployer: permissionsFor('deployer'),
  shop: permissionsFor({ relay: 'shop' }),
  rival: permissionsFor({ relay: 'rival' }),
};

let nats: RunningNats;
const connections = new Map<string, NatsConnection>();
const violations = new Map<string, string[]>();

async function connectAs(name: string): Promise<NatsConnection> {
  const connection = await connectNats({ url: nats.url, name, user: name, password: 'p' });
  const seen: string[] = [];
  void (async () => {
    for await (const status of connection.status())
      if (status.type === 'error') seen.push(status.error.message);
  })();
  connections.set(name, connection);
  violations.set(name, seen);
  return connection;
}

const connectionOf = (name: string): NatsConnection => {
  const connection = connections.get(name);
  if (!connection) throw new Error(`${name} is not connected`);
  return connection;
};

beforeAll(async () => {
  nats = await startNats({
    users: [
      ...Object.entries(USERS).map(([user, permissions]) => ({
        user,
        password: 'p',
        permissions: serverPermissions(permissions),
      })),
      { user: 'observer', password: 'p' },
    ],
  });
  for (const name of [...Object.keys(USERS), 'observer']) await connectAs(name);
  await applyStreams(connectionOf('deployer'));
});
afterAll(async () => {
  await Promise.all([...connections.values()].map((connection) => connection.close()));
  await nats.stop();
});

@Controller()
class EventController {
  static readonly seen: string[] = [];

  @OnEvent(SettlementAbandonedV1)
  onAbandoned({ settlementId }: SettlementAbandonedV1): void {
    EventController.seen.push(settlementId);
  }
}

@Module({})
class EventModule {}

describe('each user can do its work', () => {
  it('a relay settles and is asked as a card network', async () => {
    const shop = connectionOf('shop');
    shop.subscribe('couplet.network.shop.capabilities.v1', {
      callback: (_error, message) =>
        void message.respond(
          JSON.stringify({
            shrink: false,
            finalPartialCapture: false,
            secondAuthorization: false,
            partialApproval: false,
            refund: true,
          }),
        ),
    });
    const connection = connectionOf('settlement-relay');
    const service = await startTestService(nats.url, {}, { connection });
    const asked = new RequestClient(shop, 'shop').request(SettleV1, SettleV1.request.parse(SETTLE), {
      timeoutMs: 2_000,
    });
    expect(await asked).toMatchObject({ outcome: 'approved' });

    const client = new RequestClient(connection, 'settlement-relay');
    const capabilities = await client.network(CapabilitiesV1, 'shop', {}, { timeoutMs: 2_000 });
    expect(capabilities).toMatchObject({ refund: true });
    expect((await connectionOf('operator').request('$SRV.PING.settlement-relay')).json()).toMatchObject({
      name: 'settlement-relay',
    });
    await service.stopServing();
  });

  it('a service publishes its events, another reads them and puts dead letters aside', async () => {
    const publisher = new EventPublisher(connectionOf('settlement-relay'), 'settlement-relay');
    const publish = (body: object) =>
      publisher.publish({
        id: randomUUID(),
        subject: SettlementAbandonedV1.subject,
        source: 'settlement-relay',
        time: '2017-03-26T17:22:21Z',
        body: JSON.stringify(body),
      });
    const settlementId = randomUUID();
    await publish({ settlementId, relay: 'shop', reason: 'timeout', abandonedAt: '2017-03-26T17:22:21Z' });
    await publish({ settlementId: 'poison' });

    const module = { module: EventModule, controllers: [EventController] };
    const connection = connectionOf('medium-registry');
    const service = await startService(nats.url, module, { service: 'medium-registry', connection });
    const manager = await jetstreamManager(connectionOf('operator'));
    for (let open = 1; open > 0; await delay(20)) {
      const { num_pending, num_ack_pending } = await manager.consumers.info(
        'EVENT_SETTLEMENT_RELAY',
        'medium-registry',
      );
      open = num_pending + num_ack_pending;
    }
    expect(EventController.seen).toEqual([settlementId]);
    expect((await manager.streams.info('DEAD_LETTER')).state.messages).toBe(1);
    await service.stopServing();
  });

  it('and nothing of it was refused', async () => {
    await Promise.all([...connections.values()].map((connection) => connection.flush()));
    expect([...violations.values()].flat()).toEqual([]);
  });
});

describe('a user cannot publish', () => {
  it.each([
    ['shop', "in a rival's name", 'couplet.request.settlement-relay.settle.v1.rival'],
    ['shop', "in a service's name", 'couplet.request.settlement-relay.resolve.v1.medium-registry'],
    ['shop', "what is the registry's to ask", 'couplet.request.settlement-relay.resolve.v1.shop'],
    ['shop', 'a reservation', 'couplet.request.medium-registry.reserve-coupons.v1.shop'],
    ['shop', 'to a card network', 'couplet.network.rival.authorize.v1'],
    ['shop', "into a rival's inbox", createInbox(inboxPrefix('rival'))],
    ['shop', 'an event', SettlementAbandonedV1.subject],
    ['shop', 'to JetStream', '$JS.API.STREAM.DELETE.EVENT_ISSUANCE'],
    ['medium-registry', "another service's event", SettlementAbandonedV1.subject],
    ['medium-registry', 'a settlement', 'couplet.request.settlement-relay.settle.v1.medium-registry'],
    ['medium-registry', 'to a card network', 'couplet.network.shop.authorize.v1'],
    ['medium-registry', "another's acknowledgement", '$JS.ACK.EVENT_SETTLEMENT_RELAY.analytics.1.1.1.1.0'],
    ['medium-registry', "another's pull", '$JS.API.CONSUMER.MSG.NEXT.EVENT_SETTLEMENT_RELAY.analytics'],
    ['medium-registry', 'a consumer into being', '$JS.API.CONSUMER.CREATE.EVENT_ISSUANCE.spy'],
    ['medium-registry', "another's dead letter", 'couplet.dead-letter.analytics.x'],
    ['shop', 'into an inbox that asked it nothing', createInbox(inboxPrefix('settlement-relay'))],
    ['issuance', "into a relay's inbox, which never asks it", createInbox(inboxPrefix('shop'))],
    ['operator', 'a settlement', 'couplet.request.settlement-relay.settle.v1.operator'],
    ['operator', 'the end of a stream', '$JS.API.STREAM.DELETE.EVENT_ISSUANCE'],
    ['deployer', 'an event', SettlementAbandonedV1.subject],
    ['deployer', 'the end of a stream', '$JS.API.STREAM.PURGE.EVENT_ISSUANCE'],
  ])('%s: %s', async (user, _what, subject) => {
    const [connection, observer] = [connectionOf(user), connectionOf('observer')];
    const arrived: string[] = [];
    const watching = observer.subscribe(subject, { callback: () => void arrived.push(subject) });
    await observer.flush();
    connection.publish(subject, '{}');
    await connection.flush();
    await observer.flush();
    watching.unsubscribe();
    expect(arrived).toEqual([]);
    expect(violations.get(user)?.at(-1)).toContain(`Permissions Violation for Publish to "${subject}"`);
  });
});

describe('a user cannot subscribe', () => {
  it.each([
    ['shop', 'everything', '>'],
    ['shop', 'all inboxes', '_INBOX.>'],
    ['shop', "a rival's inbox", '_INBOX_relay.rival.>'],
    ['shop', "all relays' inboxes", '_INBOX_relay.>'],
    ['shop', 'settlements', 'couplet.request.settlement-relay.*.*.*'],
    ['shop', "a rival's card network", 'couplet.network.rival.>'],
    ['shop', 'all card networks', 'couplet.network.>'],
    ['shop', 'events', 'couplet.event.>'],
    ['issuance', "another service's requests", 'couplet.request.medium-registry.*.*.*'],
    ['issuance', "another service's inbox", '_INBOX_settlement-relay.>'],
    ['issuance', 'events beside JetStream', 'couplet.event.settlement-relay.>'],
    ['medium-registry', 'card networks', 'couplet.network.>'],
    ['operator', 'requests', 'couplet.request.>'],
    ['gateway', 'service discovery as if it were one', '$SRV.>'],
  ])('%s: %s', async (user, _what, subject) => {
    const connection = connectionOf(user);
    const refused = new Promise<string>((resolve) => {
      connection.subscribe(subject, { callback: (error) => resolve(String(error?.message)) });
    });
    expect(await refused).toContain(`Permissions Violation for Subscription to "${subject}"`);
  });
});
