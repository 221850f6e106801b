import type { Contender } from './contender.ts';
import { groupOf, priorityOf, takesPieces } from './contender.ts';
import type { Rules } from './rules.ts';

/** Beyond these, choices are no longer combined. */
const ALTERNATIVES_MAX = 64;

/**
 * The sets of offers that may apply together: an exclusive one alone, and of every group with offers over lines
 * either one of those or the ones that take pieces. A group whose offers differ in priority may go without the
 * higher ones, so that nobody loses by holding a coupon that moves the others. Stacking does not choose: the first
 * that may decides.
 */
export function alternatives(
  contenders: readonly Contender[],
  { strategy }: Rules,
): { sets: Contender[][]; complete: boolean } {
  const exclusive = contenders.filter(({ offer }) => offer.terms.stacking?.exclusive);
  if (strategy === 'stacking') {
    const [first] = exclusive.toSorted((a, b) => priorityOf(b) - priorityOf(a));
    return { sets: [first ? [first] : firstOfGroups(contenders)], complete: true };
  }
  const open = contenders.filter((contender) => !exclusive.includes(contender));
  const choices = choicesOf(open);
  const chosen = new Set(choices.flat(2));
  const free = open.filter((contender) => !chosen.has(contender));
  let sets: Contender[][] = [free];
  let complete = true;
  for (const choice of choices) {
    const combined = sets.flatMap((set) => choice.map((option) => [...set, ...option]));
    complete &&= combined.length <= ALTERNATIVES_MAX;
    sets = combined.slice(0, ALTERNATIVES_MAX);
  }
  return { sets: [...sets, ...exclusive.map((contender) => [contender])], complete };
}

/** Per group that leaves a choice: what may apply of it. */
function choicesOf(contenders: readonly Contender[]): Contender[][][] {
  const groups = new Map<string, Contender[]>();
  for (const contender of contenders) {
    const group = groupOf(contender);
    if (group !== undefined) groups.set(group, [...(groups.get(group) ?? []), contender]);
  }
  return [...groups.values()]
    .map((members) => {
      const alone = members.filter((contender) => !takesPieces(contender)).map((contender) => [contender]);
      return [...levelsOf(members.filter(takesPieces)), ...alone];
    })
    .filter((choice) => choice.length > 1);
}

/** All of them, then without those of the highest priority, and so on. */
function levelsOf(members: readonly Contender[]): Contender[][] {
  const priorities = [...new Set(members.map(priorityOf))].sort((a, b) => b - a);
  return priorities.map((priority) => members.filter((contender) => priorityOf(contender) <= priority));
}

/** Of a group with offers over lines, the first of all decides: it applies, or those that take pieces. */
function firstOfGroups(contenders: readonly Contender[]): Contender[] {
  const deciding = new Map<string, Contender>();
  for (const contender of contenders.toSorted((a, b) => priorityOf(b) - priorityOf(a))) {
    const group = groupOf(contender);
    if (group !== undefined && !deciding.has(group)) deciding.set(group, contender);
  }
  return contenders.filter((contender) => {
    const first = deciding.get(groupOf(contender) ?? '');
    return (
      !first ||
      contender === first ||
      (takesPieces(first) && takesPieces(contender)) ||
      groupOf(contender) === undefined
    );
  });
}
