import type { Basket } from './basket.ts';
import type { Contender } from './contender.ts';
import type { Outcome } from './gift.ts';
import { book, giftTotal } from './gift.ts';
import { searchJointly } from './joint.ts';
import { give } from './lines/give.ts';
import type { RunningLine } from './lines/running-line.ts';
import { startLine } from './lines/running-line.ts';
import { compete } from './pieces/compete.ts';
import type { Rules } from './rules.ts';
import { isSeparable } from './separable.ts';
import type { Turn } from './turns.ts';
import { standsAfter, turnsOf } from './turns.ts';

/** What comes of some offers that may all apply together. */
export interface Play {
  discount: bigint;
  outcomes: Map<Contender, Outcome>;
  /** Other choices among these offers save at most so much more. */
  missedAtMost: bigint;
}

/** Applies offers turn by turn, each on what the ones before left; where that may not be the best, all turns together. */
export function play(contenders: readonly Contender[], basket: Basket, rules: Rules): Play {
  const turns = turnsOf(contenders, rules);
  const manual = contenders.filter(({ coupon }) => coupon.trigger === 'manual');
  const inTurn = playInTurn(turns, basket, manual, rules);
  if (rules.strategy === 'stacking' || isSeparable(turns, rules)) return inTurn;
  return playJointly(turns, basket, manual, rules, inTurn);
}

function playInTurn(
  turns: readonly Turn[],
  basket: Basket,
  manual: readonly Contender[],
  rules: Rules,
): Play {
  const lines = basket.lines.map(startLine);
  const outcomes = new Map<Contender, Outcome>();
  let discount = 0n;
  let missedAtMost = 0n;
  for (const turn of turns) {
    const ready = turn.contenders.filter((contender) => standsAfter(contender, lines, rules));
    for (const contender of turn.contenders) outcomes.set(contender, 'condition-not-met');
    const result = apply({ kind: turn.kind, contenders: ready }, lines, manual, rules);
    ready.forEach((contender, position) => outcomes.set(contender, result.outcomes[position]!));
    const gifts = giftsOf(result.outcomes);
    book(gifts, lines);
    discount += giftTotal(gifts);
    missedAtMost += BigInt(result.missedAtMost);
  }
  return { discount, outcomes, missedAtMost };
}

function playJointly(
  turns: readonly Turn[],
  basket: Basket,
  manual: readonly Contender[],
  rules: Rules,
  inTurn: Play,
): Play {
  const bounds = turns.map((turn) => boundOf(turn, basket, manual, rules));
  const bound = bounds.reduce((sum, one) => sum + one, 0n);
  if (bound <= inTurn.discount) return { ...inTurn, missedAtMost: 0n };
  if (turns.some(hasBuyGet)) return { ...inTurn, missedAtMost: bound - inTurn.discount };
  const lines = basket.lines.map(startLine);
  const found = searchJointly(turns, lines, manual, rules, bounds, inTurn.discount);
  const best = found.outcomes.size > 0 ? { ...inTurn, ...told(found, inTurn) } : inTurn;
  return { ...best, missedAtMost: found.complete ? 0n : bound - best.discount };
}

/** Who is left out of a better choice would have applied in turn. */
function told(
  { discount, outcomes }: Pick<Play, 'discount' | 'outcomes'>,
  inTurn: Play,
): Pick<Play, 'discount' | 'outcomes'> {
  const all = [...inTurn.outcomes].map(([contender, outcome]): [Contender, Outcome] => [
    contender,
    outcomes.get(contender) ?? (typeof outcome === 'string' ? outcome : 'beaten-by-better-coupon'),
  ]);
  return { discount, outcomes: new Map(all) };
}

function apply(
  { kind, contenders }: Turn,
  lines: readonly RunningLine[],
  manual: readonly Contender[],
  rules: Rules,
): { outcomes: Outcome[]; missedAtMost: number } {
  if (kind === 'pieces') return compete(contenders, lines, rules);
  return { outcomes: contenders.map((one) => give(one, lines, manual, rules)), missedAtMost: 0 };
}

function giftsOf(outcomes: readonly Outcome[]) {
  return outcomes.flatMap((outcome) => (typeof outcome === 'string' ? [] : outcome));
}

/** What a turn gives at most: as if it had the basket for itself. */
function boundOf(turn: Turn, basket: Basket, manual: readonly Contender[], rules: Rules): bigint {
  // What an earlier one left of the cheapest units may be dearer.
  if (hasBuyGet(turn)) return basket.lines.reduce((total, { amount }) => total + amount, 0n);
  const { outcomes, missedAtMost } = apply(turn, basket.lines.map(startLine), manual, rules);
  return giftTotal(giftsOf(outcomes)) + BigInt(missedAtMost);
}

function hasBuyGet({ contenders }: Turn): boolean {
  return contenders.some(({ offer }) => offer.onLines.some(({ kind }) => kind === 'buy-get'));
}
