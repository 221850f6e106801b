import type { Contender } from './contender.ts';
import { groupOf, priorityOf, takesPieces } from './contender.ts';
import type { Rules } from './rules.ts';

/** Beyond these, choices are no longer combined. */
const ALTERNATIVES_MAX = 64;

/**
 * The sets of offers that may apply together: an exclusive one alone, and of every group with offers over lines
 * either one of those or the ones that take pieces. Stacking does not choose: the first that may decides.
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
  const free = open.filter((contender) => !choices.flat(2).includes(contender));
  let sets: Contender[][] = [free];
  let complete = true;
  for (const choice of choices) {
    const combined = sets.flatMap((set) => choice.map((option) => [...set, ...option]));
    complete &&= combined.length <= ALTERNATIVES_MAX;
    sets = combined.slice(0, ALTERNATIVES_MAX);
  }
  return { sets: [...sets, ...exclusive.map((contender) => [contender])], complete };
}

/** Per group that has offers over lines: what may apply of it. */
function choicesOf(contenders: readonly Contender[]): Contender[][][] {
  const overLines = contenders.filter((one) => !takesPieces(one) && groupOf(one) !== undefined);
  return [...new Set(overLines.map(groupOf))].map((group) => {
    const members = contenders.filter((contender) => groupOf(contender) === group);
    const onPieces = members.filter(takesPieces);
    const alone = members.filter((contender) => !takesPieces(contender)).map((contender) => [contender]);
    return onPieces.length > 0 ? [onPieces, ...alone] : alone;
  });
}

function firstOfGroups(contenders: readonly Contender[]): Contender[] {
  const inOrder = contenders.toSorted((a, b) => priorityOf(b) - priorityOf(a));
  const left = choicesOf(inOrder).flatMap((choice) => {
    const members = inOrder.filter((contender) => choice.flat().includes(contender));
    const first = choice.find((option) => option.includes(members[0]!))!;
    return members.filter((contender) => !first.includes(contender));
  });
  return contenders.filter((contender) => !left.includes(contender));
}
