import { ProblemError, type Problem } from '@couplet/contracts';
import { startNats, type RunningNats } from '@couplet/infra';
import { connect, headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import {
  gateOf,
  SETTLE,
  settleReply,
  startTestService,
  type Behaviour,
  type TestService,
} from './test-service.ts';

const SUBJECT = 'couplet.request.settlement-relay.settle.v1.shop';
const STATUS = 'couplet.request.settlement-relay.status.v1.shop';
const BODY = JSON.stringify(SETTLE);

let nats: RunningNats;
let service: TestService;
/** Knows NATS and JSON, and nothing of ours. */
let client: NatsConnection;
const behaviour: Behaviour = {};

beforeAll(async () => {
  nats = await startNats();
  service = await startTestService(nats.url, behaviour, {
    relay: 'test-net',
    requestLimits: { concurrent: 2, queued: 1 },
  });
  client = await connect({ servers: nats.url });
});
afterAll(async () => {
  await client.close();
  await service.close();
  await nats.stop();
});
afterEach(() => {
  delete behaviour.settle;
  delete behaviour.status;
});

const ask = (
  subject: string,
  body: string | Uint8Array,
  with_: Record<string, string> = {},
): Promise<Msg> => {
  const sent = headers();
  for (const [name, value] of Object.entries(with_)) sent.set(name, value);
  return client.request(subject, body, { timeout: 5_000, headers: sent });
};

async function problem(subject: string, body: string | Uint8Array, with_?: Record<string, string>) {
  const reply = await ask(subject, body, with_);
  const read = reply.json<Problem>();
  expect(reply.headers?.get('Nats-Service-Error-Code')).toBe(String(read.status));
  expect(reply.headers?.get('Nats-Service-Error')).toBe(read.title);
  expect(read).toMatchObject({
    type: `urn:couplet:problem:${read.code}`,
    traceId: expect.stringMatching(/^[0-9a-f]{32}$/),
  });
  return { ...read, headers: reply.headers };
}

describe('a request in plain JSON', () => {
  it('is answered in plain JSON, without headers', async () => {
    const reply = await ask(SUBJECT, BODY);
    expect(reply.headers).toBeUndefined();
    expect(reply.json()).toMatchObject({
      outcome: 'approved',
      originalAmount: 386,
      discount: 100,
      amount: 286,
    });
  });

  it('reaches the handler decoded, with who asked, the trace and a signal', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    let seen: unknown;
    behaviour.settle = (body, { caller, traceparent, signal, ...context }) => {
      seen = { amount: body.amount, media: body.media, caller, traceparent, traceId: context.traceId };
      expect(signal.aborted).toBe(false);
      return Promise.resolve(settleReply(body));
    };
    await ask(SUBJECT, BODY, { traceparent: `00-${traceId}-b7ad6b7169203331-01` });
    const traceparent = `00-${traceId}-b7ad6b7169203331-01`;
    expect(seen).toEqual({ amount: 386n, media: [], caller: 'shop', traceparent, traceId });
  });

  it('to a card network is answered by the relay it names', async () => {
    const reply = await ask('couplet.network.test-net.capabilities.v1', '{}');
    expect(reply.json()).toMatchObject({ shrink: true, partialApproval: false });
  });
});

describe('a problem', () => {
  it.each([
    ['cut short', '{"attemptId":'],
    ['empty', ''],
    ['not UTF-8', Uint8Array.from([0x22, 0xff, 0xfe, 0x22])],
    ['nested beyond reason', '['.repeat(500_000)],
  ])('malformed-json: the body is %s', async (_why, body) => {
    expect(await problem(SUBJECT, body)).toMatchObject({
      code: 'malformed-json',
      status: 400,
      retryable: false,
    });
  });

  it('invalid-request names every field that is wrong, by its path, and repeats no value', async () => {
    const wrong = {
      ...SETTLE,
      storeId: undefined,
      currency: 'usd',
      lines: [{ ...SETTLE.lines[0], amount: -386, unit: undefined }],
    };
    const { errors, ...answer } = await problem(SUBJECT, JSON.stringify(wrong));
    expect(answer).toMatchObject({ code: 'invalid-request', status: 422 });
    expect(errors).toEqual(
      expect.arrayContaining([
        { field: 'storeId', detail: 'is missing' },
        { field: 'currency', detail: 'must be an ISO 4217 alphabetic code, such as USD' },
        { field: 'lines[0].amount', detail: expect.stringContaining('>=0') },
        { field: 'lines[0].unit', detail: 'is missing' },
      ]),
    );
    expect(JSON.stringify(errors)).not.toContain('-386');
  });

  it('invalid-request: wrong sums and a body that is no object', async () => {
    const wrongSum = await problem(SUBJECT, JSON.stringify({ ...SETTLE, amount: 400 }));
    expect(wrongSum.errors).toEqual([{ field: 'amount', detail: 'the lines sum to 386, not to 400' }]);
    expect((await problem(SUBJECT, '[1]')).errors).toMatchObject([{ field: '(body)' }]);
  });

  it('invalid-request: a timeout that is none', async () => {
    const { code, errors } = await problem(SUBJECT, BODY, { 'Couplet-Timeout-Ms': '2s' });
    expect({ code, errors }).toMatchObject({
      code: 'invalid-request',
      errors: [{ field: 'header Couplet-Timeout-Ms' }],
    });
  });

  it('unknown-request tells which versions there are, or which requests', async () => {
    const version = await problem('couplet.request.settlement-relay.settle.v9.shop', BODY);
    expect(version).toMatchObject({
      code: 'unknown-request',
      status: 404,
      detail: expect.stringMatching(/versions of it: v1$/),
    });
    const verb = await problem('couplet.request.settlement-relay.sell.v1.shop', BODY);
    expect(verb).toMatchObject({
      code: 'unknown-request',
      detail: expect.stringContaining('settlement-relay.settle.v1'),
    });
  });

  it("caller-not-allowed: a relay asks the registry's own verb", async () => {
    const resolve = JSON.stringify({ settlementId: SETTLE.attemptId });
    const subject = 'couplet.request.settlement-relay.resolve.v1';
    expect(await problem(`${subject}.shop`, resolve)).toMatchObject({
      code: 'caller-not-allowed',
      status: 403,
    });
    expect((await ask(`${subject}.medium-registry`, resolve)).json()).toMatchObject({
      decision: 'abandoned',
    });
  });

  it('of a handler is passed on', async () => {
    behaviour.settle = () =>
      Promise.reject(new ProblemError('attempt-conflict', 'started with another body'));
    expect(await problem(SUBJECT, BODY)).toMatchObject({
      code: 'attempt-conflict',
      status: 409,
      detail: 'started with another body',
    });
  });

  it('internal: an unforeseen error tells the trace and nothing else', async () => {
    behaviour.settle = () => Promise.reject(new Error('4111111111111111 is what broke it'));
    const answer = await problem(SUBJECT, BODY, {
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    });
    expect(answer).toMatchObject({
      code: 'internal',
      status: 500,
      traceId: '0af7651916cd43dd8448eb211c80319c',
    });
    expect(answer.detail).not.toContain('4111');
  });

  it('internal: a reply that breaks the contract is not sent', async () => {
    behaviour.settle = (body) => Promise.resolve({ ...settleReply(body), amount: -1n });
    expect(await problem(SUBJECT, BODY)).toMatchObject({ code: 'internal' });
  });

  it('deadline-exceeded comes at the deadline and aborts the handler', async () => {
    const aborted = new Promise<string>((resolve) => {
      behaviour.settle = (body, { signal }) =>
        new Promise((finish) =>
          signal.addEventListener('abort', () => {
            resolve('aborted');
            finish(settleReply(body));
          }),
        );
    });
    const answer = await problem(SUBJECT, BODY, { 'Couplet-Timeout-Ms': '50' });
    expect(answer).toMatchObject({ code: 'deadline-exceeded', status: 504, retryable: true });
    expect(await aborted).toBe('aborted');
  });

  it('overloaded is answered at once, while the handlers are still busy', async () => {
    const gate = gateOf();
    behaviour.settle = async (body) => {
      await gate.promise;
      return settleReply(body);
    };
    const admitted = [1, 2, 3].map(() => ask(SUBJECT, BODY)); // Two run, one waits its turn.
    const refused = await problem(SUBJECT, BODY);
    expect(refused).toMatchObject({ code: 'overloaded', status: 503, retryable: true });
    expect(refused.headers?.get('Retry-After')).toBe('1');

    gate.resolve();
    for (const reply of await Promise.all(admitted))
      expect(reply.json()).toMatchObject({ outcome: 'approved' });
  });

  it('deadline-exceeded also ends a request that waits its turn, which then never runs', async () => {
    const gate = gateOf();
    let ran = 0;
    behaviour.settle = async (body) => {
      ran++;
      await gate.promise;
      return settleReply(body);
    };
    const busy = [ask(SUBJECT, BODY), ask(SUBJECT, BODY)];
    expect(await problem(SUBJECT, BODY, { 'Couplet-Timeout-Ms': '30' })).toMatchObject({
      code: 'deadline-exceeded',
    });
    gate.resolve();
    await Promise.all(busy);
    await ask(STATUS, JSON.stringify({ attemptId: SETTLE.attemptId }));
    expect(ran).toBe(2);
  });
});

describe('service discovery', () => {
  const discover = async <Answer>(subject: string) => (await client.request(subject)).json<Answer>();

  it('answers PING, INFO and STATS by the NATS service protocol', async () => {
    const { id } = await discover<{ id: string }>('$SRV.PING.settlement-relay');
    expect(await discover(`$SRV.INFO.settlement-relay.${id}`)).toMatchObject({
      type: 'io.nats.micro.v1.info_response',
      endpoints: expect.arrayContaining([
        {
          name: 'settle-v1',
          subject: 'couplet.request.settlement-relay.settle.v1.*',
          queue_group: 'settlement-relay',
        },
      ]),
    });
  });

  it('counts requests, errors and their time', async () => {
    type Stats = {
      endpoints: { name: string; num_requests: number; num_errors: number; processing_time: number }[];
    };
    const settle = async () =>
      (await discover<Stats>('$SRV.STATS.settlement-relay')).endpoints.find(
        ({ name }) => name === 'settle-v1',
      );
    const before = await settle();
    await ask(SUBJECT, BODY);
    await ask(SUBJECT, '{');
    const after = await settle();
    expect(after?.num_requests).toBe((before?.num_requests ?? 0) + 2);
    expect(after?.num_errors).toBe((before?.num_errors ?? 0) + 1);
    expect(after?.processing_time).toBeGreaterThan(before?.processing_time ?? 0);
  });
});
