import {
  AdjustV1,
  AuthorizeV1,
  CapabilitiesV1,
  CaptureV1,
  InspectV1,
  ProblemError,
  RefundV1,
  ReverseV1,
} from '@couplet/contracts';
import { OnNetwork, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { appendAdvice } from '../db/advices.ts';
import { Books } from '../db/books.ts';
import { RequestIdReused } from '../db/follow-ups.ts';
import { inspect } from '../db/memory.ts';
import { authorizeAnswer, hasExpired } from '../domain/authorization.ts';
import type { FollowUp } from '../domain/follow-up.ts';
import { adjustmentAdvice, authorizeAdvice, standInIsAdvised } from '../domain/late-advice.ts';
import { authorizeTerms, interferenceOf } from '../domain/script.ts';
import { testCardAction, testCardOf } from '../domain/test-cards.ts';
import { CLOCK_TOLERANCE_MS } from '../tokens.ts';
import { newApprovalCode } from './approval-code.ts';
import { CardTokens } from './card-tokens.ts';
import { Scene } from './scene.ts';

type FollowUpBody = z.output<typeof ReverseV1.request>;
type AmountBody = z.output<typeof AdjustV1.request>;
type FollowUpReply = z.output<typeof CaptureV1.reply>;

/** The card network's verbs, as the relay `sim`. */
@Controller()
export class NetworkController {
  constructor(
    @Inject(Scene) private readonly scene: Scene,
    @Inject(Books) private readonly books: Books,
    @Inject(CardTokens) private readonly cards: CardTokens,
    @Inject(CLOCK_TOLERANCE_MS) private readonly toleranceMs: number,
  ) {}

  @OnNetwork(CapabilitiesV1)
  async capabilities(
    @Payload() _body: z.output<typeof CapabilitiesV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof CapabilitiesV1.reply>> {
    return unpended(
      await this.scene.play({ verb: 'capabilities' }, context.signal, async () => ({
        reply: this.scene.rail.capabilities,
      })),
    );
  }

  @OnNetwork(AuthorizeV1)
  async authorize(
    @Payload() body: z.output<typeof AuthorizeV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof AuthorizeV1.reply>> {
    const { authorizationId, settlementId, amount, currency, expiresAt } = body;
    const card = this.cards.ofPayment(body.payment);
    const testCard = testCardOf(body.payment.id)?.name;
    const habit = testCardAction(testCard, 'authorize');
    const arrival = { verb: 'authorize', card: card.token, authorizationId } as const;
    return this.scene.play(arrival, context.signal, async (db, scripted) => {
      const now = new Date();
      const action = scripted ?? habit;
      const { declineReason, ...terms } = authorizeTerms(action);
      const expired = hasExpired(expiresAt, now, this.toleranceMs) ? 'expired' : undefined;
      const { partialApproval, secondAuthorization } = this.scene.railOf(card.token);
      const remembered = await this.books.authorize(db, {
        authorizationId,
        settlementId,
        card: card.token,
        last4: card.last4,
        currency,
        amount,
        declineReason: expired ?? (card.invalid ? 'invalid-card-number' : declineReason),
        partialApproval,
        secondAuthorization,
        amountMax: terms.amountMax,
        standIn: terms.standIn,
        testCard,
        approvalCode: newApprovalCode(),
        networkReference: `sim-${authorizationId}`,
      });
      const reply = authorizeAnswer(remembered, !standInIsAdvised(action));
      const advice = authorizeAdvice(action, reply, { authorizationId, expiresAt, now });
      if (advice) await appendAdvice(db, advice);
      return { reply, habit };
    });
  }

  @OnNetwork(AdjustV1)
  adjust(@Payload() body: AmountBody, @Ctx() context: RequestContext): Promise<FollowUpReply> {
    const { amount, currency, advice } = body;
    return this.followUp(body, { verb: 'adjust', amount, currency, advice }, context);
  }

  @OnNetwork(ReverseV1)
  reverse(@Payload() body: FollowUpBody, @Ctx() context: RequestContext): Promise<FollowUpReply> {
    return this.followUp(body, { verb: 'reverse' }, context);
  }

  @OnNetwork(CaptureV1)
  capture(@Payload() body: AmountBody, @Ctx() context: RequestContext): Promise<FollowUpReply> {
    return this.followUp(body, { verb: 'capture', amount: body.amount, currency: body.currency }, context);
  }

  @OnNetwork(RefundV1)
  refund(@Payload() body: AmountBody, @Ctx() context: RequestContext): Promise<FollowUpReply> {
    return this.followUp(body, { verb: 'refund', amount: body.amount, currency: body.currency }, context);
  }

  @OnNetwork(InspectV1)
  async inspect(
    @Payload() { authorizationId }: z.output<typeof InspectV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof InspectV1.reply>> {
    const arrival = { verb: 'inspect', authorizationId } as const;
    return unpended(
      await this.scene.play(arrival, context.signal, async (db) => ({
        reply: await inspect(db, authorizationId),
      })),
    );
  }

  private async followUp(
    { requestId, authorizationId, settlementId }: FollowUpBody,
    followUp: FollowUp,
    { signal }: RequestContext,
  ): Promise<FollowUpReply> {
    const { verb } = followUp;
    try {
      return await this.scene.play({ verb, authorizationId, requestId }, signal, async (db, scripted) => {
        const { answer, result, testCard } = await this.books.followUp(db, {
          requestId,
          authorizationId,
          settlementId,
          followUp,
          rail: (card) => this.scene.railOf(card),
          interference: (name, state) => interferenceOf(scripted ?? testCardAction(name, verb, state)),
        });
        const advice = adjustmentAdvice(scripted, result, { requestId, authorizationId, now: new Date() });
        if (advice) await appendAdvice(db, advice);
        return { reply: answer, habit: testCardAction(testCard, verb) };
      });
    } catch (error) {
      if (!(error instanceof RequestIdReused)) throw error;
      throw new ProblemError('conflict', `requestId ${requestId} was used for another request`);
    }
  }
}

/** `capabilities` and `inspect` have no such answer, and no script can ask it of them. */
function unpended<Reply extends object>(reply: Reply | { outcome: 'pending' }): Reply {
  if ('outcome' in reply) throw new Error('this verb cannot be pending');
  return reply;
}
