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
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { FollowUps, Order } from '../domain/network-queue.ts';
import type { CardAnswer } from '../domain/next-step.ts';
import type { AuthorizeCommand, CardNetwork, ReverseCommand } from '../domain/settle-deps.ts';
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

  async ask(order: Order): Promise<FollowUpOutcome | 'no-answer'> {
    return this.answered(order, () => this.follow(order, { timeoutMs: this.followUpTimeoutMs }));
  }

  async reverse({ relay, usefulUntil, ...request }: ReverseCommand): Promise<FollowUpOutcome | 'no-answer'> {
    const timeoutMs = Math.max(1, usefulUntil.getTime() - Date.now());
    return this.answered({ step: 'reverse', relay, ...request }, async () => {
      return (await this.client.network(ReverseV1, relay, request, { timeoutMs })).outcome;
    });
  }

  private async answered(
    about: Pick<Order, 'step' | 'relay' | 'settlementId' | 'authorizationId'> & { readonly tries?: number },
    ask: () => Promise<FollowUpOutcome>,
  ): Promise<FollowUpOutcome | 'no-answer'> {
    try {
      return await ask();
    } catch (error) {
      const { step, relay, settlementId, authorizationId, tries } = about;
      this.logger.warn(
        { relay, settlementId, authorizationId, step, tries, reason: nameOf(error) },
        'the card network did not answer; asked again later',
      );
      return 'no-answer';
    }
  }

  private async follow(order: Order, timeout: { timeoutMs: number }): Promise<FollowUpOutcome> {
    const { step, relay, requestId, authorizationId, settlementId, amount, currency, advice } = order;
    const request = { requestId, authorizationId, settlementId };
    const priced = { ...request, amount, currency };
    switch (step) {
      case 'reverse':
        return (await this.client.network(ReverseV1, relay, request, timeout)).outcome;
      case 'adjust': {
        const lowered = { ...priced, ...(advice && { advice }) };
        return (await this.client.network(AdjustV1, relay, lowered, timeout)).outcome;
      }
      case 'capture':
        return (await this.client.network(CaptureV1, relay, priced, timeout)).outcome;
      case 'refund':
        return (await this.client.network(RefundV1, relay, priced, timeout)).outcome;
      case 'release': {
        const { state, held } = await this.client.network(InspectV1, relay, { authorizationId }, timeout);
        if (state === 'captured' && held === 0n) return 'done'; // Proven free.
        // It says how much may be held, so it may be said often; and one that was refused would be refused for ever.
        const anew = { ...priced, requestId: uuidv7() };
        return (await this.client.network(AdjustV1, relay, anew, timeout)).outcome;
      }
    }
  }
}

function cardAnswerOf(reply: z.output<typeof AuthorizeV1.reply>, asked: bigint): CardAnswer {
  switch (reply.outcome) {
    case 'approved': {
      const { approvedAmount = asked, approvalCode = '', networkReference = '', standIn = false } = reply;
      const approval = { approvalCode, networkReference, ...(standIn && { standIn }) };
      // More than was asked is not believed: the hold is taken for what was asked.
      return { kind: 'approved', approval, approvedAmount: approvedAmount < asked ? approvedAmount : asked };
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
