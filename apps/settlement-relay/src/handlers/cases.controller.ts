import { AdviseV1, CloseCaseV1, EndOfDayV1, ListCasesV1, ProblemError } from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type pg from 'pg';
import type { z } from 'zod';
import type { CaseRepository } from '../db/cases.ts';
import { endOfDay } from '../db/end-of-day.ts';
import type { SettlementJournal } from '../db/journal.ts';
import { advise } from '../domain/advise.ts';
import { closeCase } from '../domain/cases.ts';
import type { SettleDeps } from '../domain/settle-deps.ts';
import { SETTLE_DEPS } from './settlement.controller.ts';

export const CASES = Symbol('settlement-relay.cases');
export interface Cases {
  readonly repository: CaseRepository;
  readonly journal: SettlementJournal;
  readonly pool: pg.Pool;
  /** The queue looks at once. */
  readonly wakeQueue: () => void;
}

/** What relays tell late, what needs a person, and the end of the day. */
@Controller()
export class CasesController {
  constructor(
    @Inject(CASES) private readonly cases: Cases,
    @Inject(SETTLE_DEPS) private readonly deps: SettleDeps,
  ) {}

  @OnRequest(AdviseV1)
  async advise(
    @Payload() { adviceId, advice }: z.output<typeof AdviseV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof AdviseV1.reply>> {
    const { repository, journal } = this.cases;
    const before = await repository.take(caller, adviceId, advice);
    if (before === 'other-body')
      throw new ProblemError(
        'conflict',
        `advice ${adviceId} said something else: a new advice needs a new id`,
      );
    if (before) return { adviceId, effect: before };
    const effect = await advise(caller, advice, { ...this.deps, journal });
    if (effect === 'unknown')
      throw new ProblemError('not-found', 'no such authorization of this relay is known');
    if (effect === 'too-early')
      throw new ProblemError('attempt-in-progress', 'its attempt is not decided yet: tell it again shortly');
    await repository.keepEffect(caller, adviceId, effect);
    return { adviceId, effect };
  }

  @OnRequest(ListCasesV1)
  async list(
    @Payload() { after, limit }: z.output<typeof ListCasesV1.request>,
  ): Promise<z.output<typeof ListCasesV1.reply>> {
    return { cases: await this.cases.repository.list(after, limit) };
  }

  @OnRequest(CloseCaseV1)
  async close(
    @Payload() request: z.output<typeof CloseCaseV1.request>,
  ): Promise<z.output<typeof CloseCaseV1.reply>> {
    const { caseId, action } = request;
    const { repository, journal } = this.cases;
    for (;;) {
      const known = await repository.find(caseId);
      if (!known) throw new ProblemError('not-found', `no case ${caseId} waits for a person`);
      if (!known.actions.includes(action.kind))
        throw new ProblemError('conflict', `this case can be closed by ${known.actions.join(', ')}`);
      const before = await journal.find({ authorizationId: caseId });
      if (!before) return this.closeAdvice(request);
      const { couponReturn, newId, clock } = this.deps;
      const change = closeCase(before, caseId, action, { couponReturn, newId, now: clock.now() });
      if (!change)
        throw new ProblemError(
          'conflict',
          'the sale is paid by another authorization, or has ended: look again',
        );
      if (!(await journal.commitAction(before, change, request))) continue;
      await this.cases.repository.forgetTries(caseId);
      await this.askNow([before.settlementId]);
      const after = change.settlement;
      const is = after.authorizations.find((one) => one.authorizationId === caseId);
      return { caseId, authorizationState: is?.state ?? 'listed', settlementState: after.state };
    }
  }

  @OnRequest(EndOfDayV1)
  async endOfDay(
    @Payload() span: z.output<typeof EndOfDayV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof EndOfDayV1.reply>> {
    const relay = caller === 'operator' ? span.relay : caller;
    const report = await endOfDay(this.cases.pool, { ...span, relay });
    await this.askNow(report.open.map(({ settlementId }) => settlementId));
    return report;
  }

  private async askNow(settlementIds: readonly string[]): Promise<void> {
    await this.cases.repository.hurry(settlementIds);
    this.cases.wakeQueue();
  }

  private async closeAdvice(
    request: z.output<typeof CloseCaseV1.request>,
  ): Promise<z.output<typeof CloseCaseV1.reply>> {
    const { caseId, action } = request;
    if (action.kind !== 'settled' || !(await this.cases.repository.closeAdvice(request)))
      throw new ProblemError('conflict', `case ${caseId} is closed already`);
    return { caseId, authorizationState: action.as, settlementState: 'told offline' };
  }
}
