import { ProblemError, ResolveV1, ScriptV1, SettleV1, StatusV1 } from '@couplet/contracts';
import { startNats, type RunningNats } from '@couplet/infra';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';
import { connectNats, NoResponders, RequestClient, RequestTimeout } from '../src/index.ts';
import {
  gateOf,
  SETTLE,
  settleReply,
  startTestService,
  type Behaviour,
  type TestService,
} from './test-service.ts';

let nats: RunningNats;
let connection: NatsConnection;
let shop: RequestClient;
const running: TestService[] = [];

beforeAll(async () => {
  nats = await startNats();
  connection = await connectNats({ url: nats.url, name: 'shop' });
  shop = new RequestClient(connection, 'shop');
});
afterEach(async () => void (await Promise.all(running.splice(0).map((service) => service.close()))));
afterAll(async () => {
  await connection.close();
  await nats.stop();
});

async function start(...[behaviour, options]: [Behaviour?, Parameters<typeof startTestService>[2]?]) {
  const service = await startTestService(nats.url, behaviour, options);
  running.push(service);
  return service;
}
const BODY = SettleV1.request.parse(SETTLE);
const settle = (timeoutMs = 5_000) => shop.request(SettleV1, BODY, { timeoutMs });
const status = (timeoutMs = 5_000) => shop.request(StatusV1, { attemptId: SETTLE.attemptId }, { timeoutMs });

describe('RequestClient', () => {
  it('sends and returns decoded messages, and hands on trace and deadline', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    let seen: unknown;
    await start({
      settle: (body, context) => {
        seen = [context.caller, context.traceparent, body.amount];
        return Promise.resolve(settleReply(body));
      },
    });
    const reply = await shop.request(SettleV1, BODY, { timeoutMs: 5_000, traceparent });
    expect(reply).toEqual(settleReply(BODY));
    expect(seen).toEqual(['shop', traceparent, 386n]);
  });

  it('rejects with NoResponders when the request reached nobody', async () => {
    await expect(settle()).rejects.toThrow(NoResponders);
  });

  it('rejects with RequestTimeout when nobody answers in time, and forgets the request', async () => {
    const deaf = connection.subscribe('couplet.request.settlement-relay.*.*.*', {
      callback: () => undefined,
    });
    await connection.flush();
    await expect(settle(40)).rejects.toThrow(RequestTimeout);
    deaf.unsubscribe();
  });

  it('rejects with the problem that the service answered', async () => {
    await start({ settle: () => Promise.reject(new ProblemError('attempt-in-progress', 'still running')) });
    await expect(settle()).rejects.toMatchObject({ code: 'attempt-in-progress', message: 'still running' });
    const notAllowed = shop.request(ResolveV1, { settlementId: SETTLE.attemptId }, { timeoutMs: 5_000 });
    await expect(notAllowed).rejects.toMatchObject({ code: 'caller-not-allowed' });
  });

  it('sends nothing that breaks the contract', async () => {
    const wrong = shop.request(StatusV1, { attemptId: 'no uuid' }, { timeoutMs: 5_000 });
    await expect(wrong).rejects.toThrow('Invalid UUID');
  });

  it('tells a service that is up from one that is not', async () => {
    await start();
    const timeoutMs = 5_000;
    await expect(shop.request(ScriptV1, {}, { timeoutMs })).rejects.toThrow(NoResponders);
    await expect(status()).resolves.toMatchObject({ state: 'unknown' });
  });
});

describe('replicas', () => {
  it('share the requests: each is answered once', async () => {
    const answered = new Map<string, number>();
    const counting = (name: string): Behaviour => ({
      settle: (body) => {
        answered.set(name, (answered.get(name) ?? 0) + 1);
        return Promise.resolve(settleReply(body));
      },
    });
    await Promise.all([start(counting('a')), start(counting('b'))]);
    await Promise.all(Array.from({ length: 100 }, () => settle()));
    expect((answered.get('a') ?? 0) + (answered.get('b') ?? 0)).toBe(100);
    expect([...answered.keys()].sort()).toEqual(['a', 'b']);
  });

  it('leave without losing a request: those in work are answered, new ones go to the other', async () => {
    const slowly: Behaviour = {
      settle: async (body) => {
        await delay(2);
        return settleReply(body);
      },
    };
    const leaving = await start(slowly);
    await start(slowly);
    const asked = Array.from({ length: 500 }, async (_, index) => {
      await delay(index / 5);
      return settle();
    });
    await delay(30);
    running.splice(running.indexOf(leaving), 1);
    await leaving.close();
    const replies = await Promise.allSettled(asked);
    expect(replies.filter(({ status: outcome }) => outcome === 'rejected')).toEqual([]);
  });
});

describe('closing', () => {
  it('answers what is in work and what waits its turn, and takes no more', async () => {
    const gate = gateOf();
    const busy = await start(
      {
        settle: async (body) => {
          await gate.promise;
          return settleReply(body);
        },
      },
      { requestLimits: { concurrent: 1 } },
    );
    const admitted = [settle(), settle()];
    await busy.connection.flush();
    await connection.flush();
    running.pop();
    const closed = busy.close();
    for (let taken = true; taken;)
      taken = await status(200).then(
        () => true,
        (error) => !(error instanceof NoResponders),
      );
    await busy.connection.flush(); // Behind its own unsubscribing: it now waits for its handlers.
    await delay(1);
    gate.resolve();
    expect(await Promise.all(admitted)).toHaveLength(2);
    await closed;
  });

  it('tells a caller at once that its request, which cannot be finished, is unknown', async () => {
    const stuck = await start({ settle: () => new Promise(() => undefined) }, { drainMs: 30 });
    const answer = expect(settle()).rejects.toThrow(RequestTimeout);
    await connection.flush();
    running.pop();
    await stuck.close();
    await answer;
  });
});

describe('the connection', () => {
  it('waits for its server and comes back after kill -9 and restart', async () => {
    await start();
    await expect(status()).resolves.toMatchObject({ state: 'unknown' });
    await nats.kill();
    const late = connectNats({ url: nats.url, name: 'late' });
    await expect(status(50)).rejects.toThrow(RequestTimeout);
    await nats.restart();
    for (let back = false; !back;)
      back = await status(200).then(
        () => true,
        () => false,
      );
    await (await late).close();
  }, 30_000);

  it('is refused to wrong credentials instead of waiting for ever', async () => {
    const guarded = await startNats({ users: [{ user: 'shop', password: 'right' }] });
    const wrong = connectNats({ url: guarded.url, name: 'shop', user: 'shop', password: 'wrong' });
    await expect(wrong).rejects.toThrow(/authorization/i);
    await guarded.stop();
  });
});

it('a message that wants no reply is not a request', async () => {
  let handled = 0;
  await start({
    settle: (body) => {
      handled++;
      return Promise.resolve(settleReply(body));
    },
  });
  const plain = await connect({ servers: nats.url });
  plain.publish('couplet.request.settlement-relay.settle.v1.shop', JSON.stringify(SETTLE));
  await plain.flush();
  await settle();
  await plain.close();
  expect(handled).toBe(1);
});
