import { randomUUID } from 'node:crypto';
import {
  AdjustV1,
  AuthorizeV1,
  type Capabilities,
  CapabilitiesV1,
  CaptureV1,
  InspectV1,
  type NetworkContract,
  RefundV1,
  ReverseV1,
} from '@couplet/contracts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { CannotPlay, Finding } from './finding.ts';
import type { Answer, Wire } from './wire.ts';

/** Full price and discounted price, minor units. */
export const PRICE = 386;
export const DISCOUNTED = 286;

const PENDING_MS = 250;
/** How long a relay may answer pending. */
const PATIENCE_MS = 30_000;

export const FOLLOW_UPS = { adjust: AdjustV1, reverse: ReverseV1, capture: CaptureV1, refund: RefundV1 };
export type FollowUpVerb = keyof typeof FOLLOW_UPS;
export type Outcome = 'approved' | 'declined' | 'done' | 'refused' | 'unknown-authorization' | 'pending';
export interface OutcomeReply {
  readonly outcome: Outcome;
  readonly approvalCode?: string;
  readonly networkReference?: string;
  readonly approvedAmount?: number;
  readonly standIn?: boolean;
  readonly reason?: string;
}
export type Body = Record<string, unknown>;
export type AuthorizeBody = Body & { authorizationId: string; settlementId: string; amount: number };

export interface Terms {
  readonly card: string;
  readonly currency: string;
  /** What `inspect` says may be believed: its own checks passed. */
  readonly inspectable: boolean;
}

/** What one check says to the relay, with ids of its own, and what it got. */
export class Conversation {
  private readonly opened: AuthorizeBody[] = [];
  private readonly standIns = new Set<string>();

  constructor(
    readonly wire: Wire,
    private readonly terms: Terms,
    readonly capabilities: Capabilities,
  ) {}

  newAuthorize(over: Body = {}): AuthorizeBody {
    const body = {
      authorizationId: randomUUID(),
      settlementId: randomUUID(),
      storeId: 'conformance',
      terminalId: '1',
      payment: { kind: 'credit-card', id: this.terms.card },
      amount: PRICE,
      currency: this.terms.currency,
      presentedAt: new Date().toISOString(),
      expiresAt: new Date(Date.now() + 60_000).toISOString(),
      ...over,
    };
    this.opened.push(body);
    return body;
  }

  /** One that nobody may approve any more: longer ago than any clocks differ. */
  newExpired(): AuthorizeBody {
    return this.newAuthorize({ expiresAt: new Date(Date.now() - 3_600_000).toISOString() });
  }

  newFollowUp(verb: FollowUpVerb, authorize: AuthorizeBody, amount = DISCOUNTED): Body {
    const { authorizationId, settlementId } = authorize;
    const body: Body = { requestId: randomUUID(), authorizationId, settlementId };
    if (verb === 'reverse') return body;
    const advice = verb === 'adjust' && this.standIns.has(authorizationId) ? { advice: true } : {};
    return { ...body, amount, currency: this.terms.currency, ...advice };
  }

  async authorize(body: AuthorizeBody, ...expected: Outcome[]): Promise<OutcomeReply> {
    const reply = await this.settled(AuthorizeV1, body, expected);
    if (reply.standIn) this.standIns.add(body.authorizationId);
    return reply;
  }

  /** Approved by the network for an absent issuer. */
  isStandIn({ authorizationId }: AuthorizeBody): boolean {
    return this.standIns.has(authorizationId);
  }

  /** Asks until the answer is not pending. */
  followUp(verb: FollowUpVerb, body: Body, ...expected: Outcome[]): Promise<OutcomeReply> {
    return this.settled(FOLLOW_UPS[verb], body, expected);
  }

  /** What is held, captured and refunded must be this; nothing is asked of a relay whose `inspect` is wrong. */
  async expectHold(
    { authorizationId }: AuthorizeBody,
    expected: Partial<z.input<typeof InspectV1.reply>>,
  ): Promise<void> {
    if (!this.terms.inspectable) return;
    const body = { authorizationId };
    const told = await this.reply(InspectV1, body);
    const wrong = Object.entries(expected).filter(([field, value]) => told[field] !== value);
    if (wrong.length === 0) return;
    throw this.finding('inspect', body, `afterwards ${json(expected)}`, json(told));
  }

  /** The wire form of a reply that fits its contract. */
  async reply(contract: NetworkContract, body: unknown): Promise<Body> {
    return this.fitting(contract, body, await this.wire.ask(contract, body));
  }

  declared(): Promise<Body> {
    return this.reply(CapabilitiesV1, {});
  }

  /** Brings about what a check begins with. */
  async reach(what: string, steps: () => Promise<unknown>): Promise<void> {
    try {
      await steps();
    } catch (error) {
      if (!(error instanceof Finding)) throw error;
      throw new CannotPlay(`needs ${what}: ${error.message}`);
    }
  }

  /** Leaves no hold behind, whatever was found. */
  async cleanUp(): Promise<void> {
    const left = this.opened.map((authorize) => this.newFollowUp('reverse', authorize));
    await Promise.all(left.map((reverse) => this.wire.ask(ReverseV1, reverse)));
  }

  finding(verb: string, body: unknown, expected: string, got: string): Finding {
    const hidden = (text: string) => text.replaceAll(this.terms.card, masked(this.terms.card));
    const sent = typeof body === 'string' ? body : json(body);
    return new Finding(hidden(`${verb} ${sent}`), hidden(expected), hidden(got));
  }

  private async settled(
    contract: NetworkContract,
    body: Body,
    expected: readonly Outcome[],
  ): Promise<OutcomeReply> {
    const until = Date.now() + PATIENCE_MS;
    for (;;) {
      const reply = (await this.reply(contract, body)) as unknown as OutcomeReply;
      if (reply.outcome === 'pending' && Date.now() < until) {
        await sleep(PENDING_MS);
        continue;
      }
      if (expected.includes(reply.outcome)) return reply;
      throw this.finding(contract.verb, body, expected.join(' or '), json(reply));
    }
  }

  private fitting(contract: NetworkContract, body: unknown, answer: Answer): Body {
    const verb = contract.verb;
    const expected = `a reply that fits network.${verb}.v1`;
    if (answer.kind !== 'reply') throw this.finding(verb, body, expected, shown(answer));
    const reply: unknown = JSON.parse(answer.text);
    const fit = contract.reply.safeParse(reply);
    if (fit.success) return reply as Body;
    const wrong = fit.error.issues.map(({ path, message }) => `${path.join('.') || '(body)'}: ${message}`);
    throw this.finding(verb, body, expected, `${answer.text} (${wrong.join('; ')})`);
  }
}

export function shown(answer: Answer): string {
  switch (answer.kind) {
    case 'silence':
      return 'no answer in time';
    case 'nobody':
      return 'nobody listens on the subject';
    case 'problem':
      return `the problem ${answer.text}`;
    case 'unreadable':
      return `neither a reply nor a problem: ${answer.text === '' ? 'an empty body' : answer.text}`;
    case 'reply':
      return answer.text;
  }
}

const json = (value: unknown): string => JSON.stringify(value);
const masked = (card: string): string => `****${card.slice(-4)}`;
