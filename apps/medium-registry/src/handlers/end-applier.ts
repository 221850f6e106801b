import { type OutboxRelay, recordUnseen } from '@couplet/outbox';
import { Gathered, inTransaction } from '@couplet/postgres';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import { endSettlements } from '../db/end-settlements.ts';
import type { Registry } from '../db/registry.ts';
import type { SettlementEnd } from '../domain/settlement-end.ts';
import { OUTBOX, REGISTRY } from './tokens.ts';

/** The end of a settlement as an event tells it, or the answer to `resolve`. */
export interface ToldEnd {
  /** Absent: asked for, so told once. */
  eventId?: string;
  settlementId: string;
  step: 'granted' | 'abandoned' | 'rolled-back' | 'resolved';
  end: SettlementEnd;
}

/** Applies ends once, however often they are told; those that wait at the same time together, in the order they came. */
@Injectable()
export class EndApplier {
  private readonly gathered = new Gathered((told: readonly ToldEnd[]) => this.applyTogether(told));

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
  ) {}

  /** Resolves when the end is committed, in one transaction with the mark that it was told. */
  async apply(told: ToldEnd): Promise<void> {
    await this.gathered.do(told);
    this.outbox.wake();
  }

  private async applyTogether(told: readonly ToldEnd[]): Promise<undefined[]> {
    const { pool, offers, reached } = this.registry;
    await inTransaction(pool, async (client) => {
      const unseen = await firstTold(client, told);
      if (unseen.length === 0) return;
      await endSettlements(client, offers, unseen);
      for (const step of stepsOf(unseen)) reached(`registry.${step}.before-commit`);
    });
    for (const step of stepsOf(told)) reached(`registry.${step}.after-commit`);
    return told.map(() => undefined);
  }
}

/** Those that no event has told before, in another batch or in this one. */
async function firstTold(client: pg.PoolClient, told: readonly ToldEnd[]): Promise<ToldEnd[]> {
  const eventIds = new Set(told.flatMap(({ eventId }) => eventId?.toLowerCase() ?? []));
  if (eventIds.size === 0) return [...told];
  const unseen = await recordUnseen(client, { consumer: 'medium-registry', eventIds: [...eventIds] });
  return told.filter(({ eventId }) => eventId === undefined || unseen.delete(eventId.toLowerCase()));
}

function stepsOf(told: readonly ToldEnd[]): Set<ToldEnd['step']> {
  return new Set(told.map(({ step }) => step));
}
