import { ProblemError, RecallV1, ScriptV1 } from '@couplet/contracts';
import { InvalidMediumError } from '@couplet/medium-id';
import { OnRequest } from '@couplet/nats';
import { inTransaction } from '@couplet/postgres';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type pg from 'pg';
import type { z } from 'zod';
import { forgetBalances, setBalances } from '../db/balances.ts';
import { appendAdvice } from '../db/advices.ts';
import { replaceFaults } from '../db/faults.ts';
import { recall } from '../db/memory.ts';
import { holdOfflineSale } from '../db/offline-sales.ts';
import type { Queryable } from '../db/queryable.ts';
import { replaceCardRails, writeRail } from '../db/rail.ts';
import { offlineAdvice } from '../domain/late-advice.ts';
import { type OfflineSale, scriptErrors } from '../domain/script.ts';
import { POOL } from '../tokens.ts';
import { Advices } from './advices.ts';
import { newApprovalCode } from './approval-code.ts';
import { CardTokens } from './card-tokens.ts';
import { Scene } from './scene.ts';

type Script = z.output<typeof ScriptV1.request>;

/** What the operator asks: to set the scene, and to tell everything. */
@Controller()
export class OperatorController {
  constructor(
    @Inject(POOL) private readonly pool: pg.Pool,
    @Inject(Scene) private readonly scene: Scene,
    @Inject(CardTokens) private readonly cards: CardTokens,
    @Inject(Advices) private readonly advices: Advices,
  ) {}

  @OnRequest(ScriptV1)
  async script(@Payload() script: Script): Promise<z.output<typeof ScriptV1.reply>> {
    const errors = scriptErrors(script);
    if (errors.length > 0) throw new ProblemError('invalid-request', 'this cannot be played', errors);
    const faults = script.faults?.map((fault, index) => ({
      ...fault,
      card: fault.card && this.cardOf(fault.card, `faults[${index}].card`),
    }));
    const balances = script.balances?.map(({ id, ...rest }, index) => ({
      ...rest,
      card: this.cardOf(id, `balances[${index}].id`),
    }));
    const cardRails = script.cardRails?.map(({ id, capabilities }, index) => ({
      capabilities,
      card: this.cardOf(id, `cardRails[${index}].id`),
    }));
    const offlineSales = (script.offlineSales ?? []).map((sale, index) => ({
      sale,
      card: this.cardOf(sale.card, `offlineSales[${index}].card`),
    }));
    const { capabilities, latencyMs } = this.scene.rail;
    await inTransaction(this.pool, async (client) => {
      if (script.reset) await forgetBalances(client);
      if (faults || script.reset) await replaceFaults(client, faults ?? []);
      if (balances) await setBalances(client, balances);
      if (cardRails || script.reset) await replaceCardRails(client, cardRails ?? []);
      for (const { sale, card } of offlineSales) await sellOffline(client, sale, card);
      await writeRail(client, {
        capabilities: { ...capabilities, ...script.capabilities },
        latencyMs: script.latencyMs ?? (script.reset ? { min: 0, max: 0 } : latencyMs),
      });
    });
    await this.scene.refresh();
    if (offlineSales.length > 0) this.advices.wake();
    return { faults: this.scene.faults };
  }

  @OnRequest(RecallV1)
  async recall(
    @Payload() { after, limit }: z.output<typeof RecallV1.request>,
  ): Promise<z.output<typeof RecallV1.reply>> {
    return { authorizations: await recall(this.pool, after, limit) };
  }

  private cardOf(id: string, field: string): string {
    try {
      return this.cards.ofNumber(id);
    } catch (error) {
      if (!(error instanceof InvalidMediumError)) throw error;
      throw new ProblemError('invalid-request', error.message, [{ field, detail: error.message }]);
    }
  }
}

/** Held and advised, or known already. */
async function sellOffline(db: Queryable, sale: OfflineSale, card: string): Promise<void> {
  const { authorizationId, attemptId, currency, amount } = sale;
  const approval = { approvalCode: newApprovalCode(), networkReference: `sim-${authorizationId}` };
  const last4 = sale.card.slice(-4);
  const held = { authorizationId, attemptId, card, last4, currency, amount, ...approval };
  if (await holdOfflineSale(db, held)) await appendAdvice(db, offlineAdvice(sale, approval, new Date()));
}
