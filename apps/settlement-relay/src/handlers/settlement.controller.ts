import {
  CancelV1,
  ConfirmV1,
  ProblemError,
  RefundSaleV1,
  ResolveV1,
  SettleV1,
  StatusV1,
  VoidV1,
} from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { refund } from '../domain/refund-sale.ts';
import { settle } from '../domain/settle.ts';
import type { SettleDeps } from '../domain/settle-deps.ts';
import { cancel, confirm, resolve, status, voidAttempt } from '../domain/verbs.ts';
import { refundProblem } from './refund-problem.ts';
import { settleCommand, type Keys } from './settle-command.ts';

export const SETTLE_DEPS = Symbol('settlement-relay.deps');
export const KEYS = Symbol('settlement-relay.keys');

/** What relays, the gateway and the registry may ask of a settlement. */
@Controller()
export class SettlementController {
  constructor(
    @Inject(SETTLE_DEPS) private readonly deps: SettleDeps,
    @Inject(KEYS) private readonly keys: Keys,
  ) {}

  @OnRequest(SettleV1)
  async settle(
    @Payload() body: z.output<typeof SettleV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof SettleV1.reply>> {
    const answer = await settle(settleCommand(body, context, this.keys), this.deps);
    setImmediate(() => this.deps.reached('settle.after-reply'));
    switch (answer.kind) {
      case 'answer':
        return answer.reply;
      case 'in-progress':
        throw inProgress(body.attemptId);
      case 'conflict':
        throw new ProblemError(
          'attempt-conflict',
          `attempt ${body.attemptId} was started with another body: a new attempt needs a new attemptId`,
        );
      case 'nothing-due':
        throw new ProblemError(
          'conflict',
          `attempt ${String(body.continues)} has not ${body.amount} ${body.currency} due, or it is being paid already: ask its status`,
        );
    }
  }

  @OnRequest(StatusV1)
  async status(
    @Payload() { attemptId }: z.output<typeof StatusV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof StatusV1.reply>> {
    return { attemptId, ...(await status({ relay: context.caller, attemptId }, this.deps)) };
  }

  @OnRequest(ConfirmV1)
  async confirm(
    @Payload() { attemptId }: z.output<typeof ConfirmV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof ConfirmV1.reply>> {
    const outcome = await confirm({ relay: context.caller, attemptId }, this.deps);
    if (outcome === 'in-progress') throw inProgress(attemptId);
    if (outcome === 'unknown')
      throw new ProblemError('not-found', `no attempt ${attemptId} of this relay is known`);
    return { attemptId, outcome };
  }

  @OnRequest(VoidV1)
  async void(
    @Payload() { attemptId }: z.output<typeof VoidV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof VoidV1.reply>> {
    return { attemptId, outcome: await voidAttempt({ relay: context.caller, attemptId }, this.deps) };
  }

  @OnRequest(CancelV1)
  async cancel(
    @Payload() { attemptId }: z.output<typeof CancelV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof CancelV1.reply>> {
    const outcome = await cancel({ relay: context.caller, attemptId }, this.deps);
    if (typeof outcome === 'object')
      throw new ProblemError(
        'conflict',
        `attempt ${attemptId} paid a part of the sale of attempt ${outcome.endsWith}, of which something was given back: cancel that one, and each card gets back the rest`,
      );
    return { attemptId, outcome };
  }

  @OnRequest(RefundSaleV1)
  async refund(
    @Payload() body: z.output<typeof RefundSaleV1.request>,
    @Ctx() context: RequestContext,
  ): Promise<z.output<typeof RefundSaleV1.reply>> {
    const { attemptId, ...asked } = body;
    const answer = await refund({ relay: context.caller, attemptId }, asked, this.deps);
    if (answer.kind !== 'refund') throw refundProblem(body, answer);
    return { attemptId, ...answer.refund };
  }

  @OnRequest(ResolveV1)
  async resolve(
    @Payload() { settlementId }: z.output<typeof ResolveV1.request>,
  ): Promise<z.output<typeof ResolveV1.reply>> {
    return { settlementId, ...(await resolve(settlementId, this.deps)) };
  }
}

const inProgress = (attemptId: string): ProblemError =>
  new ProblemError('attempt-in-progress', `attempt ${attemptId} is not decided yet: ask again shortly`);
