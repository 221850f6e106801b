import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  type RunningNats,
  type RunningPostgres,
  type RunningProcess,
  startNats,
  startPostgres,
  startProcess,
} from '@couplet/infra';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { relayConformance, type RelayConformanceOptions } from '../../src/commands/relay-conformance.ts';
import type { Result } from '../../src/relay-conformance/run-checks.ts';
import { newPassword, principalUser } from '../../src/topology/nats-users.ts';
import { runMigrations } from '../../src/topology/run-migrations.ts';
import { WORKSPACE } from '../../src/workspace.ts';
import { type Broken, startFakeRelay } from './fake-relay.ts';

const CARD = '4111111111111111';
const CARD_APPROVED_PARTLY = '4000000000000010';
const CARD_OF_STAND_INS = '4000000000000044';

let nats: RunningNats;
let connection: NatsConnection;

beforeAll(async () => {
  nats = await startNats();
  connection = await connect({ servers: nats.url });
}, 60_000);
afterAll(async () => {
  await connection.close();
  await nats.stop();
});

/** Runs the kit as a relay developer does. */
async function kit(relay: string, over: Partial<RelayConformanceOptions> = {}) {
  const printed: string[] = [];
  const options = {
    relay,
    nats: nats.url,
    user: 'settlement-relay',
    card: CARD,
    currency: 'USD',
    timeout: 2_000,
    ...over,
  };
  const passed = await relayConformance({ ...options, json: true }, (line) => printed.push(line));
  const text = printed.join('\n');
  const report = JSON.parse(text) as { summary: string; results: Result[] };
  const names = (verdict: string) =>
    report.results.filter((result) => result.verdict === verdict).map(({ name }) => name);
  return { passed, text, summary: report.summary, failed: names('failed'), skipped: names('skipped') };
}

describe('a relay that another team wrote', () => {
  async function tested(broken: Broken, timeout = 2_000) {
    const relay = startFakeRelay(connection, 'acme', broken);
    await connection.flush();
    try {
      return await kit('acme', { timeout });
    } finally {
      relay.stop();
    }
  }

  it('passes when it keeps to the table', async () => {
    const { passed, failed, skipped, text } = await tested({});
    expect(failed).toEqual([]);
    expect(passed).toBe(true);
    expect(skipped).toEqual([
      'adjust × held: refused, as shrink is not declared',
      'an advice lowers a stand-in approval, and is not refused',
    ]);
    expect(text).not.toContain(CARD);
  });

  const DONE = { outcome: 'done' };
  const REFUSED = { outcome: 'refused' };
  const approve: NonNullable<Broken['cells']>[string] = (hold, { amount }) =>
    Object.assign(hold, {
      state: 'held',
      held: amount,
      approval: { outcome: 'approved', approvalCode: '1', networkReference: '2' },
    }).approval;

  const expired = ({ expiresAt }: { expiresAt: string }) => Date.parse(expiresAt) < Date.now();

  it.each<[string, Broken['cells'], string[]]>([
    [
      'tells no approval code',
      {
        'authorize never-seen': (hold, body) => {
          if (expired(body)) return { outcome: 'declined' };
          approve(hold, body);
          return (hold.approval = { outcome: 'approved', networkReference: '2' });
        },
      },
      ['authorize × never seen: approved, with approvalCode and networkReference'],
    ],
    [
      'approves what has expired',
      { 'authorize never-seen': approve },
      ['an authorize after its expiresAt is declined, and holds nothing'],
    ],
    [
      'gives a repeat a new approval code',
      { 'authorize held': () => ({ outcome: 'approved', approvalCode: '9', networkReference: '9' }) },
      ['authorize × held: approved as before', '10 copies of an authorize at once are answered alike'],
    ],
    [
      'declines the repeat of what it captured',
      { 'authorize captured': () => ({ outcome: 'declined' }) },
      ['authorize × captured: approved as before'],
    ],
    [
      'approves what was reversed',
      { 'authorize reversed': approve },
      [
        'authorize × reversed: declined',
        'an authorize that its reversal overtook is declined, and holds nothing',
      ],
    ],
    ['approves what was declined', { 'authorize declined': approve }, ['authorize × declined: declined']],
    ['shrinks what it never saw', { 'adjust never-seen': () => DONE }, ['adjust × never seen: refused']],
    [
      'says that it shrank, and did not',
      { 'adjust held': (hold, { amount }) => (amount > hold.held ? REFUSED : DONE) },
      ['adjust × held: done'],
    ],
    [
      'raises a hold',
      { 'adjust held': (hold, { amount }) => Object.assign(hold, { held: amount }) && DONE },
      ['adjust above the hold is refused'],
    ],
    ['shrinks what was reversed', { 'adjust reversed': () => DONE }, ['adjust × reversed: refused']],
    ['shrinks what was declined', { 'adjust declined': () => DONE }, ['adjust × declined: refused']],
    [
      'shrinks what was captured to any amount',
      { 'adjust captured': (hold) => Object.assign(hold, { held: 0 }) && DONE },
      ['adjust × captured: refused'],
    ],
    [
      'keeps the rest of a capture for ever',
      { 'adjust captured': () => REFUSED },
      ['adjust to the captured amount frees the rest'],
    ],
    [
      'does not know what to do with an early reverse',
      { 'reverse never-seen': () => ({ outcome: 'unknown-authorization' }) },
      ['reverse × never seen: done'],
    ],
    [
      'forgets an early reverse',
      { 'reverse never-seen': () => DONE, 'authorize declined': approve },
      [
        'authorize × declined: declined',
        'an authorize that its reversal overtook is declined, and holds nothing',
      ],
    ],
    ['says that it reversed, and did not', { 'reverse held': () => DONE }, ['reverse × held: done']],
    ['refuses to reverse twice', { 'reverse reversed': () => REFUSED }, ['reverse × reversed: done']],
    [
      'refuses to reverse what it declined',
      { 'reverse declined': () => REFUSED },
      ['reverse × declined: done'],
    ],
    ['reverses what was captured', { 'reverse captured': () => DONE }, ['reverse × captured: refused']],
    ['captures what it never saw', { 'capture never-seen': () => DONE }, ['capture × never seen: refused']],
    ['captures what was reversed', { 'capture reversed': () => DONE }, ['capture × reversed: refused']],
    ['captures what was declined', { 'capture declined': () => DONE }, ['capture × declined: refused']],
    [
      'refuses the repeat of a capture under another id',
      { 'capture captured': () => REFUSED },
      ['capture × captured: done'],
    ],
    [
      'captures more than it holds',
      {
        'capture held': (hold, { amount }) =>
          Object.assign(hold, { state: 'captured', held: 0, captured: amount }) && DONE,
      },
      ['capture above the hold is refused'],
    ],
    [
      'keeps the rest though it declares that a capture frees it',
      {
        'capture held': (hold, { amount }) => {
          if (amount > hold.held) return REFUSED;
          return (
            Object.assign(hold, { state: 'captured', held: hold.held - amount, captured: amount }) && DONE
          );
        },
      },
      ['capture below the hold frees the rest'],
    ],
    ['refunds what it never saw', { 'refund never-seen': () => DONE }, ['refund × never seen: refused']],
    ['refunds what was not captured', { 'refund held': () => DONE }, ['refund × held: refused']],
    ['refunds what was reversed', { 'refund reversed': () => DONE }, ['refund × reversed: refused']],
    ['refunds what was declined', { 'refund declined': () => DONE }, ['refund × declined: refused']],
    [
      'refunds more than was captured',
      {
        'refund captured': (hold, { amount }) =>
          Object.assign(hold, { refunded: hold.refunded + amount }) && DONE,
      },
      ['refund above what was captured is refused', 'refunds at once never sum above what was captured'],
    ],
    [
      'refunds once only',
      {
        'refund captured': (hold, { amount }) => {
          if (hold.refunded > 0 || amount > hold.captured) return REFUSED;
          return Object.assign(hold, { refunded: amount }) && DONE;
        },
      },
      ['refund in parts up to what was captured'],
    ],
    [
      'tells of a hold that there is none',
      { 'inspect held': () => ({ state: 'unknown', held: 0, captured: 0, refunded: 0 }) },
      ['inspect × held: the whole hold'],
    ],
  ])('that %s is told so, and nothing else', async (_what, cells, failing) => {
    const { failed, passed } = await tested({ cells });
    expect(failed).toEqual(failing);
    expect(passed).toBe(false);
  });

  it('that keeps no answers by request id is told where that costs money', async () => {
    const { failed } = await tested({ forgetful: true });
    expect(failed).toEqual([
      'refund that is repeated is answered the same, and done once',
      '10 copies of a refund at once give the money back once',
    ]);
  });

  it('that does not answer to wrong input is told each kind of it', async () => {
    const { failed, text } = await tested({ onMalformed: () => undefined }, 100);
    expect(failed.filter((name) => !name.includes('answered with a problem'))).toEqual([]);
    expect(failed).toHaveLength(21);
    expect(text).not.toContain(CARD);
  });

  it('that ends by wrong input is told that it no longer answers', async () => {
    const relay = startFakeRelay(connection, 'fragile', { onMalformed: () => relay.stop() });
    await connection.flush();
    const { failed } = await kit('fragile', { timeout: 100 });
    expect(failed).toContain('after all that it still answers');
  });

  it('that approves nothing is told to give another card', async () => {
    const { failed, summary } = await tested({
      cells: { 'authorize never-seen': () => ({ outcome: 'declined' }) },
    });
    expect(failed).toEqual(['authorize × never seen: approved, with approvalCode and networkReference']);
    expect(summary).toMatch(/ 1 failed, \d\d skipped$/);
  });

  it('is not asked with what is no card number, which is not repeated', async () => {
    const error: Error = await kit('acme', { card: '4111 1111 1111 111x' }).catch((thrown) => thrown);
    expect(error.message).toBe('--card must be 12 to 19 digits.');
  });

  it('that nobody runs is told so at once', async () => {
    const { failed, text } = await kit('nobody-runs-this');
    expect(failed).toEqual(['capabilities are told']);
    expect(text).toContain('nobody listens on the subject');
  });
});

describe('the simulator, under the permissions of a deployment,', () => {
  let guarded: RunningNats;
  let operator: NatsConnection;
  let postgres: RunningPostgres;
  let simulator: RunningProcess;
  const users = (['network-simulator', 'settlement-relay', 'operator'] as const).map((user) =>
    principalUser(user, newPassword()),
  );
  const passwordOf = (user: string) => users.find((each) => each.user === user)!.password;
  const simulated = (card = CARD) =>
    kit('sim', { nats: guarded.url, password: passwordOf('settlement-relay'), card });

  beforeAll(async () => {
    guarded = await startNats({ users });
    operator = await connect({
      servers: guarded.url,
      user: 'operator',
      pass: passwordOf('operator'),
      inboxPrefix: '_INBOX_operator',
    });
    postgres = await startPostgres({ durable: false });
    const urls = await postgres.provision(['network-simulator']);
    await runMigrations(urls);
    simulator = await startProcess({
      name: 'network-simulator',
      args: ['--enable-source-maps', path.join('apps', 'network-simulator', 'dist', 'main.js')],
      cwd: WORKSPACE,
      env: {
        DATABASE_URL: urls['network-simulator'],
        NATS_URL: guarded.url,
        NATS_USER: 'network-simulator',
        NATS_PASSWORD: passwordOf('network-simulator'),
        LOG_LEVEL: 'warn',
      },
    });
  }, 120_000);
  afterAll(async () => {
    await operator.close();
    await simulator.stop();
    await Promise.all([postgres.stop(), guarded.stop()]);
  });

  it.each([
    ['S1', { shrink: true, finalPartialCapture: false }, 3],
    ['S2', { shrink: false, finalPartialCapture: true }, 6],
    ['S3', { shrink: false, finalPartialCapture: false }, 9],
    ['an authorization only, once', { secondAuthorization: false, refund: false }, 14],
  ])('passes on a rail of %s', async (_rail, capabilities, skipped) => {
    await script({ capabilities: { ...ALL, ...capabilities } });
    const report = await simulated();
    expect(report.failed).toEqual([]);
    expect(report.skipped).toHaveLength(skipped);
  });

  it('passes with a card that is approved by stand-in', async () => {
    await script({ capabilities: ALL });
    const standIn = await simulated(CARD_OF_STAND_INS);
    expect(standIn.failed).toEqual([]);
    expect(standIn.skipped).not.toContain('an advice lowers a stand-in approval, and is not refused');
  });

  it('is found out with a card that it approves partially, which it does not declare', async () => {
    await script({ capabilities: ALL });
    const { failed, text } = await simulated(CARD_APPROVED_PARTLY);
    expect(failed).toEqual(['authorize × never seen: approved, with approvalCode and networkReference']);
    expect(text).toContain('approved for 200 only: give another by --card');
    expect(text).not.toContain(CARD_APPROVED_PARTLY);
  });

  it('may advise as its relay', async () => {
    const settlementRelay = await connect({
      servers: guarded.url,
      user: 'settlement-relay',
      pass: passwordOf('settlement-relay'),
    });
    const advised = new Promise<unknown>((resolve) => {
      settlementRelay.subscribe('couplet.request.settlement-relay.advise.v1.*', {
        callback: (_error, message) => {
          const { adviceId, advice } = message.json<{ adviceId: string; advice: unknown }>();
          message.respond(JSON.stringify({ adviceId, effect: 'granted' }));
          resolve(advice);
        },
      });
    });
    await settlementRelay.flush();
    const sale = { storeId: '309', terminalId: '4', purpose: 'purchase', currency: 'USD', amount: 386 };
    const ids = { attemptId: randomUUID(), authorizationId: randomUUID() };
    const presentedAt = '2017-03-26T17:22:21Z';
    await script({ offlineSales: [{ ...sale, ...ids, presentedAt, card: CARD }] });
    expect(await advised).toMatchObject({ kind: 'offline-approval', ...ids, ...sale });
    await settlementRelay.close();
  });

  const ALL = {
    shrink: true,
    finalPartialCapture: true,
    secondAuthorization: true,
    partialApproval: false,
    refund: true,
  };
  async function script(body: object) {
    const subject = 'couplet.request.network-simulator.script.v1.operator';
    expect((await operator.request(subject, JSON.stringify(body))).json()).toEqual({ faults: 0 });
  }
});
