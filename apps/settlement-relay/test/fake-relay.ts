import type { Msg, NatsConnection } from '@nats-io/transport-node';

/** A JSON body as it is on the wire: this card network knows nothing of ours but NATS and JSON. */
export type Body = Record<string, unknown>;
export type Verb = 'capabilities' | 'authorize' | 'adjust' | 'capture' | 'reverse' | 'refund' | 'inspect';
/** `answer` gives what the network would say by itself; undefined is silence. */
export type Script = (body: Body, answer: () => Body) => Promise<Body | undefined> | Body | undefined;

interface Remembered {
  state: 'held' | 'declined' | 'reversed' | 'captured';
  held: number;
  captured: number;
  refunded: number;
}

const ALL = {
  shrink: true,
  finalPartialCapture: true,
  secondAuthorization: true,
  partialApproval: true,
  refund: true,
};

/** One payment-network relay with the card network behind it, by the table of the protocol; every verb can be scripted. */
export class FakeRelay {
  readonly authorizations = new Map<string, Remembered>();
  readonly asked: { verb: Verb; body: Body }[] = [];
  capabilities: Body = { ...ALL };
  /** Of every card. */
  balance = Number.MAX_SAFE_INTEGER;
  /** What there is, when that is less than was asked. */
  approvesInPart = false;
  liveHoldsMax = 0;
  private readonly refunds = new Set<string>();
  private readonly scripts = new Map<Verb, Script>();
  private readonly settlements = new Map<string, string>();

  constructor(
    private readonly connection: NatsConnection,
    readonly name: string,
  ) {}

  listen(): void {
    this.connection.subscribe(`couplet.network.${this.name}.>`, {
      callback: (_error, message) => void this.onMessage(message),
    });
  }

  on(verb: Verb, script: Script): void {
    this.scripts.set(verb, script);
  }

  /** By itself again. */
  heal(): void {
    this.scripts.clear();
  }

  calls(verb: Verb): Body[] {
    return this.asked.filter((one) => one.verb === verb).map(({ body }) => body);
  }

  /** Money held for one settlement now. */
  heldFor(settlementId: string): number {
    return this.of(settlementId).reduce((sum, { held }) => sum + held, 0);
  }

  of(settlementId: string): Remembered[] {
    return [...this.authorizations]
      .filter(([id]) => this.settlements.get(id) === settlementId)
      .map(([, one]) => one);
  }

  private async onMessage(message: Msg): Promise<void> {
    const verb = message.subject.split('.')[3] as Verb;
    const body = message.json<Body>();
    this.asked.push({ verb, body });
    const script = this.scripts.get(verb);
    const answer = () => this.answer(verb, body);
    const reply = script ? await script(body, answer) : answer();
    if (reply) message.respond(JSON.stringify(reply));
  }

  private answer(verb: Verb, body: Body): Body {
    if (verb === 'capabilities') return this.capabilities;
    const id = body['authorizationId'] as string;
    if (typeof body['settlementId'] === 'string') this.settlements.set(id, body['settlementId']);
    const known = this.authorizations.get(id);
    const answer = this.follow(verb, id, known, body);
    this.watchHolds();
    return answer;
  }

  private follow(verb: Verb, id: string, known: Remembered | undefined, body: Body): Body {
    const amount = Number(body['amount'] ?? 0);
    switch (verb) {
      case 'authorize':
        return this.authorize(id, known, amount);
      case 'adjust':
        if (known?.state === 'captured') known.held = 0;
        else if (known?.state === 'held') known.held = amount;
        else return { outcome: 'refused' };
        return { outcome: 'done' };
      case 'capture':
        if (known?.state === 'captured') return { outcome: 'done' };
        if (known?.state !== 'held' || known.held < amount) return { outcome: 'refused' };
        Object.assign(known, { state: 'captured', captured: amount, held: known.held - amount });
        return { outcome: 'done' };
      case 'reverse':
        if (known?.state === 'captured') return { outcome: 'refused' };
        this.authorizations.set(id, { state: 'reversed', held: 0, captured: 0, refunded: 0 });
        return { outcome: 'done' };
      case 'refund':
        if (known?.state !== 'captured') return { outcome: 'refused' };
        return this.refund(known, String(body['requestId']), amount);
      case 'inspect':
      case 'capabilities':
        return known ? { ...known } : { state: 'unknown', held: 0, captured: 0, refunded: 0 };
    }
  }

  private refund(known: Remembered, requestId: string, amount: number): Body {
    if (this.refunds.has(requestId)) return { outcome: 'done' };
    if (known.refunded + amount > known.captured) return { outcome: 'refused' };
    this.refunds.add(requestId);
    known.refunded += amount;
    return { outcome: 'done' };
  }

  private authorize(id: string, known: Remembered | undefined, amount: number): Body {
    const approved = { outcome: 'approved', approvalCode: 'A1B2C3', networkReference: `ref-${id.slice(-6)}` };
    if (known) return known.state === 'held' || known.state === 'captured' ? approved : declined('reversed');
    if (amount > this.balance && this.approvesInPart) {
      this.authorizations.set(id, { state: 'held', held: this.balance, captured: 0, refunded: 0 });
      return { ...approved, approvedAmount: this.balance };
    }
    if (amount > this.balance) {
      this.authorizations.set(id, { state: 'declined', held: 0, captured: 0, refunded: 0 });
      return declined('insufficient-funds');
    }
    this.authorizations.set(id, { state: 'held', held: amount, captured: 0, refunded: 0 });
    return approved;
  }

  /** The first invariant, at every instant: how many authorizations of one settlement hold or took money. */
  private watchHolds(): void {
    const count = new Map<string, number>();
    for (const [id, { held, captured }] of this.authorizations) {
      const settlementId = this.settlements.get(id) ?? id;
      if (held + captured > 0) count.set(settlementId, (count.get(settlementId) ?? 0) + 1);
    }
    this.liveHoldsMax = Math.max(this.liveHoldsMax, ...count.values());
  }
}

const declined = (reason: string): Body => ({ outcome: 'declined', reason });
