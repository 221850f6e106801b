import type { Basket } from './basket.ts';
import { dependsOnDiscounts, holds } from './conditions.ts';
import type { Contender } from './contender.ts';
import type { Outcome } from './gift.ts';
import { giftTotal } from './gift.ts';
import { give } from './lines/give.ts';
import type { RunningLine } from './lines/running-line.ts';
import { startLine } from './lines/running-line.ts';
import { compete } from './pieces/compete.ts';
import type { Rules } from './rules.ts';
import type { Turn } from './turns.ts';
import { turnsOf } from './turns.ts';

/** What comes of some offers that may all apply together. */
export interface Play {
  discount: bigint;
  outcomes: Map<Contender, Outcome>;
  /** Other choices among these offers save at most so much more. */
  missedAtMost: bigint;
}

/** Applies offers turn by turn, each on what the ones before left. */
export function play(contenders: readonly Contender[], basket: Basket, rules: Rules): Play {
  const lines = basket.lines.map(startLine);
  const turns = turnsOf(contenders, rules);
  const manual = contenders.filter(({ coupon }) => coupon.trigger === 'manual');
  const outcomes = new Map<Contender, Outcome>();
  let missedAtMost = 0n;
  for (const turn of turns) {
    const ready = turn.contenders.filter((contender) => {
      const stillHolds = standsAfter(contender, lines, rules);
      if (!stillHolds) outcomes.set(contender, 'condition-not-met');
      return stillHolds;
    });
    const result = outcomesOf({ kind: turn.kind, contenders: ready }, lines, manual, rules);
    ready.forEach((contender, position) => outcomes.set(contender, result.outcomes[position]!));
    missedAtMost += BigInt(result.missedAtMost);
    for (const outcome of result.outcomes) book(outcome, lines);
  }
  const discount = [...outcomes.values()].reduce((total, one) => total + valueOf(one), 0n);
  if (rules.strategy === 'best-deal' && !isSeparable(turns, rules)) {
    missedAtMost = boundOf(turns, basket, manual, rules) - discount;
  }
  return { discount, outcomes, missedAtMost };
}

function outcomesOf(
  { kind, contenders }: Turn,
  lines: readonly RunningLine[],
  manual: readonly Contender[],
  rules: Rules,
): { outcomes: Outcome[]; missedAtMost: number } {
  if (kind === 'pieces') return compete(contenders, lines, rules);
  return { outcomes: contenders.map((one) => give(one, lines, manual, rules)), missedAtMost: 0 };
}

function standsAfter({ offer }: Contender, lines: readonly RunningLine[], { context }: Rules): boolean {
  const conditions = offer.terms.conditions?.filter(dependsOnDiscounts) ?? [];
  return conditions.every((condition) => holds(condition, lines, context));
}

function book(outcome: Outcome, lines: readonly RunningLine[]): void {
  if (typeof outcome === 'string') return;
  for (const { line, face, match } of outcome) lines[line]!.discount += face + match;
}

function valueOf(outcome: Outcome): bigint {
  return typeof outcome === 'string' ? 0n : giftTotal(outcome);
}

/**
 * Whether the best of every turn is the best of all together.
 *
 * It is where at most one turn has a choice, and what follows that one looks only at the sum that is left: an
 * offer on the whole order takes a part or an amount of it, which never grows by more than what it grows on.
 */
function isSeparable(turns: readonly Turn[], rules: Rules): boolean {
  const choice = turns.findIndex(({ kind }) => kind === 'pieces');
  if (choice < 0) return turns.length < 2 || turns.every((turn) => isSteady(turn));
  return turns.every(
    (turn, at) => at === choice || (isSteady(turn) && (at < choice || isOnSum(turn, rules))),
  );
}

/** Whether it never gives more than one minor unit more for each that it gets to work on. */
function isSteady({ kind, contenders }: Turn): boolean {
  return (
    kind === 'lines' &&
    contenders.every(
      ({ offer, coupon }) =>
        !coupon.budget &&
        !offer.terms.conditions?.some(dependsOnDiscounts) &&
        offer.onLines.every(({ kind: reward }) => reward !== 'buy-get'),
    )
  );
}

function isOnSum({ contenders }: Turn, { dialect }: Rules): boolean {
  return contenders.every(({ offer }) =>
    offer.onLines.every(
      (reward) =>
        reward.kind !== 'buy-get' &&
        reward.on.target.startsWith('order') &&
        reward.on.allocation === 'across' &&
        !reward.on.select &&
        reward.on.quantityMax === undefined &&
        (reward.kind === 'amount-off' || dialect.orderPercentRoundedPer === 'total'),
    ),
  );
}

/** No choice saves more: as if every turn had the basket for itself. */
function boundOf(turns: readonly Turn[], basket: Basket, manual: readonly Contender[], rules: Rules): bigint {
  const whole = basket.lines.reduce((total, { amount }) => total + amount, 0n);
  const bound = turns.reduce((total, turn) => {
    if (turn.contenders.some(({ offer }) => offer.onLines.some(({ kind }) => kind === 'buy-get'))) {
      return total + whole; // What an earlier one left of the cheapest units may be dearer.
    }
    const { outcomes, missedAtMost } = outcomesOf(turn, basket.lines.map(startLine), manual, rules);
    return outcomes.reduce((sum, one) => sum + valueOf(one), total + BigInt(missedAtMost));
  }, 0n);
  return bound < whole ? bound : whole;
}
