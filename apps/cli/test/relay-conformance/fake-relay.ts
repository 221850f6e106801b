import {
  AdjustV1,
  AuthorizeV1,
  CapabilitiesV1,
  CaptureV1,
  InspectV1,
  ProblemError,
  problemOf,
  RefundV1,
  ReverseV1,
} from '@couplet/contracts';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';

interface Hold {
  state: 'held' | 'declined' | 'reversed' | 'captured';
  held: number;
  captured: number;
  refunded: number;
  approval: object;
}
interface Body {
  authorizationId: string;
  requestId: string;
  settlementId: string;
  amount: number;
  expiresAt: string;
}
/** Answers a verb in one state; the key is `<verb> <state>`, such as `capture reversed`. */
type Cells = Record<string, (hold: Hold, body: Body) => object>;

const VERBS = [AuthorizeV1, AdjustV1, ReverseV1, CaptureV1, RefundV1, InspectV1, CapabilitiesV1];
const DONE = { outcome: 'done' };
const REFUSED = { outcome: 'refused' };
const DECLINED = { outcome: 'declined' };
const NONE: Readonly<Hold> = { state: 'declined', held: 0, captured: 0, refunded: 0, approval: DECLINED };

/** A relay as another team might write it: right, but for the cells that a test breaks. */
const CELLS: Cells = {
  'authorize never-seen': (hold, { authorizationId, amount, expiresAt }) => {
    if (Date.parse(expiresAt) < Date.now()) return DECLINED;
    hold.approval = {
      outcome: 'approved',
      approvalCode: '123456',
      networkReference: `acme-${authorizationId}`,
    };
    return Object.assign(hold, { state: 'held', held: amount }).approval;
  },
  'authorize held': ({ approval }) => approval,
  'authorize captured': ({ approval }) => approval,
  'authorize reversed': () => DECLINED,
  'authorize declined': () => DECLINED,
  'adjust held': (hold, { amount }) => (amount > hold.held ? REFUSED : done(hold, { held: amount })),
  'adjust captured': (hold, { amount }) => (amount === hold.captured ? done(hold, { held: 0 }) : REFUSED),
  'reverse never-seen': (hold) => done(hold, { state: 'reversed' }),
  'reverse held': (hold) => done(hold, { state: 'reversed', held: 0 }),
  'reverse reversed': () => DONE,
  'reverse declined': () => DONE,
  'capture held': (hold, { amount }) =>
    amount > hold.held ? REFUSED : done(hold, { state: 'captured', held: 0, captured: amount }),
  'capture captured': (hold, { amount }) => (amount === hold.captured ? DONE : REFUSED),
  'refund captured': (hold, { amount }) =>
    hold.refunded + amount > hold.captured ? REFUSED : done(hold, { refunded: hold.refunded + amount }),
  'inspect never-seen': () => ({ state: 'unknown', held: 0, captured: 0, refunded: 0 }),
};

function done(hold: Hold, next: Partial<Hold>): object {
  Object.assign(hold, next);
  return DONE;
}

export interface Broken {
  cells?: Cells;
  capabilities?: object;
  /** Keeps no answers by request id. */
  forgetful?: boolean;
  /** Instead of what a good relay answers to input that is wrong; undefined: nothing. */
  onMalformed?: (message: Msg) => void;
}

/** Listens on `couplet.network.<relay>.<verb>.v1` until it is stopped. */
export function startFakeRelay(connection: NatsConnection, relay: string, broken: Broken = {}) {
  const holds = new Map<string, Hold>();
  const answered = new Map<string, string>();
  const cells = { ...CELLS, ...broken.cells };
  const capabilities = {
    shrink: true,
    finalPartialCapture: true,
    secondAuthorization: true,
    partialApproval: false,
    refund: true,
    ...broken.capabilities,
  };

  const answer = (verb: string, body: Body): object => {
    if (verb === 'capabilities') return capabilities;
    const known = holds.get(body.authorizationId);
    const cell = cells[`${verb} ${known?.state ?? 'never-seen'}`];
    if (verb === 'inspect') return cell?.(known ?? { ...NONE }, body) ?? told(known!);
    const hold = known ?? { ...NONE };
    if (verb === 'authorize' || verb === 'reverse') holds.set(body.authorizationId, hold);
    return cell?.(hold, body) ?? REFUSED;
  };
  const subscription = connection.subscribe(`couplet.network.${relay}.*.v1`, {
    callback: (_error, message) => {
      const verb = message.subject.split('.')[3]!;
      const contract = VERBS.find((each) => each.verb === verb);
      const body = parsed(message);
      if (!contract?.request.safeParse(body).success) {
        return broken.onMalformed ? broken.onMalformed(message) : respondProblem(message);
      }
      const { requestId } = body as Body;
      const before = broken.forgetful ? undefined : answered.get(requestId);
      const reply = before ?? JSON.stringify(answer(verb, body as Body));
      if (requestId) answered.set(requestId, reply);
      message.respond(reply);
    },
  });
  return { stop: () => subscription.unsubscribe() };
}

function told({ state, held, captured, refunded }: Hold): object {
  return { state, held, captured, refunded };
}

function parsed(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

function respondProblem(message: Msg): void {
  const carried = headers();
  carried.set('Nats-Service-Error', 'The request does not fit its schema');
  carried.set('Nats-Service-Error-Code', '422');
  const problem = problemOf(new ProblemError('invalid-request', 'does not fit'), '0'.repeat(32));
  message.respond(JSON.stringify(problem), { headers: carried });
}
