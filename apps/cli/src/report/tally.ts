import type { Settled } from '../replay/settled.ts';
import { percentile } from './percentile.ts';

/** What a replay came to, counted from the answers that the tills got. Amounts in minor units. */
export interface Tally {
  baskets: number;
  outcomes: { approved: number; declined: number; failed: number };
  couponSearch: { found: number; none: number; late: number; unavailable: number };
  originalAmount: bigint;
  discount: bigint;
  coupons: number;
  discountByParty: Record<string, bigint>;
  latencyMs: { p50: number | null; p99: number | null; max: number | null };
  settlementsPerSecond: number | null;
  /** Problem codes of what failed, with their number. */
  problems: Record<string, number>;
}

export function tallyOf(settled: readonly Settled[], elapsedMs: number): Tally {
  const tally: Tally = {
    baskets: settled.length,
    outcomes: { approved: 0, declined: 0, failed: 0 },
    couponSearch: { found: 0, none: 0, late: 0, unavailable: 0 },
    originalAmount: 0n,
    discount: 0n,
    coupons: 0,
    discountByParty: {},
    latencyMs: latencyOf(settled.map(({ latencyMs }) => latencyMs)),
    settlementsPerSecond: elapsedMs > 0 ? round(settled.length / (elapsedMs / 1_000)) : null,
    problems: {},
  };
  for (const { answer } of settled) {
    if (answer.kind === 'failed') {
      tally.outcomes.failed += 1;
      tally.problems[answer.problem] = (tally.problems[answer.problem] ?? 0) + 1;
    } else addReply(tally, answer.reply);
  }
  return tally;
}

function addReply(tally: Tally, reply: Extract<Settled['answer'], { kind: 'reply' }>['reply']): void {
  tally.outcomes[reply.outcome] += 1;
  tally.couponSearch[reply.couponSearch] += 1;
  if (reply.outcome === 'declined') return;
  tally.originalAmount += reply.originalAmount;
  tally.discount += reply.discount;
  tally.coupons += reply.coupons.length;
  for (const { party, amount } of reply.coupons.flatMap(({ funding }) => funding)) {
    tally.discountByParty[party] = (tally.discountByParty[party] ?? 0n) + amount;
  }
}

function latencyOf(latencies: readonly number[]): Tally['latencyMs'] {
  const at = (percent: number) => {
    const value = percentile(latencies, percent);
    return value === undefined ? null : round(value);
  };
  return { p50: at(50), p99: at(99), max: at(100) };
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
