import {
  AdjustV1,
  AuthorizeV1,
  CaptureV1,
  InspectV1,
  RefundV1,
  ReverseV1,
  type Capabilities,
  type FollowUpOutcome,
} from '@couplet/contracts';
import { NoResponders, type RequestClient } from '@couplet/nats';
import type { Logger } from 'pino';
import type { z } from 'zod';
import type { Step } from '../domain/authorization-table.ts';
import type { Due, FollowUps } from '../domain/network-queue.ts';
import type { CardAnswer } from '../domain/recombine.ts';
import type { AuthorizeCommand, CardNetwork } from '../domain/settle-deps.ts';
import type { CapabilitiesCache } from './capabilities-cache.ts';
import { revealed, type CardPayment } from './card-payment.ts';

/** The card network behind each relay, over NATS. A failure is an answer here: what is not known is told as unknown. */
export class CardNetworkClient implements CardNetwork, FollowUps {
  constructor(
    private readonly client: RequestClient,
    private readonly cache: CapabilitiesCache,
    private readonly logger: Logger,
    private readonly followUpTimeoutMs: number,
  ) {}

  capabilities(relay: string): Promise<Capabilities> {
    return this.cache.of(relay);
  }

  async authorize({ relay, payment, traceparent, ...command }: AuthorizeCommand): Promise<CardAnswer> {
    const { authorizationId, amount, expiresAt } = command;
    try {
      const reply = await this.client.network(
        AuthorizeV1,
        relay,
        {
          ...command,
          payment: revealed(payment as CardPayment),
          presentedAt: command.presentedAt.toISOString(),
          expiresAt: expiresAt.toISOString(),
        },
        { timeoutMs: Math.max(1, expiresAt.getTime() - Date.now()), traceparent },
      );
      return cardAnswerOf(reply, amount);
    } catch (error) {
      this.logger.warn({ relay, authorizationId, reason: nameOf(error) }, 'authorize was not answered');
      return { kind: error instanceof NoResponders ? 'never-sent' : 'unknown' };
    }
  }

  async ask(step: Step, due: Due): Promise<FollowUpOutcome | 'no-answer'> {
    try {
      return await this.follow(step, due);
    } catch (error) {
      const { relay, settlementId } = due.settlement;
      const { authorizationId } = due.authorization;
      this.logger.warn(
        { relay, settlementId, authorizationId, step, tries: due.tries, reason: nameOf(error) },
        'the card network did not answer; asked again later',
      );
      return 'no-answer';
    }
  }

  private async follow(step: Step, due: Due): Promise<FollowUpOutcome> {
    const { settlement, authorization, requestId } = due;
    const { relay, settlementId, terms } = settlement;
    const { authorizationId, amount } = authorization;
    const timeout = { timeoutMs: this.followUpTimeoutMs };
    const request = { requestId, authorizationId, settlementId };
    if (step === 'reverse') return (await this.client.network(ReverseV1, relay, request, timeout)).outcome;

    if (!terms) throw new Error(`settlement ${settlementId} has an authorization and no terms`);
    const priced = { ...request, amount, currency: terms.currency };
    switch (step) {
      case 'adjust':
        return (await this.client.network(AdjustV1, relay, priced, timeout)).outcome;
      case 'capture':
        return (await this.client.network(CaptureV1, relay, priced, timeout)).outcome;
      case 'refund':
        return (await this.client.network(RefundV1, relay, priced, timeout)).outcome;
      case 'release': {
        const { state, held } = await this.client.network(InspectV1, relay, { authorizationId }, timeout);
        if (state === 'captured' && held === 0n) return 'done'; // Proven free.
        return (await this.client.network(AdjustV1, relay, priced, timeout)).outcome;
      }
    }
  }
}

function cardAnswerOf(reply: z.output<typeof AuthorizeV1.reply>, asked: bigint): CardAnswer {
  switch (reply.outcome) {
    case 'approved': {
      const { approvedAmount = asked, approvalCode = '', networkReference = '' } = reply;
      if (approvedAmount < asked) return { kind: 'partly-approved', approvedAmount };
      return { kind: 'approved', approval: { approvalCode, networkReference } };
    }
    case 'declined':
      return reply.reason === 'insufficient-funds'
        ? { kind: 'insufficient-funds' }
        : { kind: 'declined', reason: reply.reason ?? 'declined' };
    case 'pending': // It may still hold: unknown, so it is reversed.
      return { kind: 'unknown' };
  }
}

/** Never the error itself: a refused reply may repeat what was sent. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
