import { dependsOnDiscounts, holds } from './conditions.ts';
import type { Contender } from './contender.ts';
import { groupOf, priorityOf, takesPieces } from './contender.ts';
import type { RunningLine } from './lines/running-line.ts';
import type { LineReward } from './prepare.ts';
import type { Rules } from './rules.ts';

/** Offers that apply at the same time: those of a group that compete for pieces, or one that stands over lines. */
export interface Turn {
  kind: 'pieces' | 'lines';
  contenders: Contender[];
}

/**
 * Who goes first: by priority; of equal priority, for the best deal, those that take pieces, then those on single
 * lines, then those on the order, of each percentages (they are worth more on a higher price) before amounts; else as given.
 */
export function turnsOf(contenders: readonly Contender[], { strategy }: Rules): Turn[] {
  const turns: Turn[] = [];
  const byGroup = new Map<string, Turn>();
  for (const contender of contenders) {
    const group = takesPieces(contender) ? groupOf(contender)! : undefined;
    const known = group === undefined ? undefined : byGroup.get(group);
    if (known) {
      known.contenders.push(contender);
      continue;
    }
    const turn: Turn = { kind: group === undefined ? 'lines' : 'pieces', contenders: [contender] };
    turns.push(turn);
    if (group !== undefined) byGroup.set(group, turn);
  }
  for (const turn of turns) turn.contenders.sort((a, b) => priorityOf(b) - priorityOf(a));
  return turns.sort(
    (a, b) =>
      priorityOf(b.contenders[0]!) - priorityOf(a.contenders[0]!) ||
      (strategy === 'best-deal' ? compareKeys(keyOf(a), keyOf(b)) : 0),
  );
}

/** Whether an offer still qualifies after what earlier turns gave. */
export function standsAfter(
  { offer }: Contender,
  lines: readonly RunningLine[],
  { context }: Rules,
): boolean {
  const conditions = offer.terms.conditions?.filter(dependsOnDiscounts) ?? [];
  return conditions.every((condition) => holds(condition, lines, context));
}

/** The order of equal priority, whatever order the offers are given in. */
function keyOf({ kind, contenders: [first] }: Turn): (number | string)[] {
  const { offer, coupon } = first!;
  if (kind === 'pieces') return [0, groupOf(first!)!];
  const reward = offer.onLines[0];
  const isOnOrder = reward && reward.kind !== 'buy-get' && reward.on.target.startsWith('order');
  return [isOnOrder ? 2 : 1, ...rankOf(reward), coupon.offerId, coupon.couponId];
}

function rankOf(reward: LineReward | undefined): number[] {
  switch (reward?.kind) {
    case 'percent-off':
      return [0, -reward.rateBps];
    case 'amount-off':
      return [1, -Number(reward.amount)];
    case 'buy-get':
      return [2, -reward.rateBps];
    case undefined:
      return [3, 0];
  }
}

function compareKeys(a: readonly (number | string)[], b: readonly (number | string)[]): number {
  const at = a.findIndex((part, position) => part !== b[position]);
  return at < 0 ? 0 : a[at]! < b[at]! ? -1 : 1;
}
