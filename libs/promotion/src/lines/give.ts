import { sum } from '../allocate.ts';
import type { Contender } from '../contender.ts';
import type { LineGift, Outcome } from '../gift.ts';
import type { LineReward } from '../prepare.ts';
import { matchOf } from '../pieces/price.ts';
import type { Rules } from '../rules.ts';
import { isSelected } from '../selection.ts';
import { splitWithin } from '../split.ts';
import { amountOff } from './amount-off.ts';
import { buyGet } from './buy-get.ts';
import type { Grant } from './grant.ts';
import { least } from './grant.ts';
import { isClaimed, isReplaced } from './manual.ts';
import { percentOff } from './percent-off.ts';
import type { RunningLine } from './running-line.ts';
import { onTarget, roomOf } from './running-line.ts';

/** What an offer that stands over lines gives on what earlier ones left; the lines themselves stay as they are. */
export function give(
  contender: Contender,
  lines: readonly RunningLine[],
  manual: readonly Contender[],
  rules: Rules,
): Outcome {
  const { offer, coupon } = contender;
  if (isReplaced(contender, manual, rules.dialect)) return 'overridden-by-manual';
  const open = lines.filter(({ line }) => !isClaimed(line, contender, manual, rules.dialect));
  const running = open.filter(({ line }) => line.discountable).map((on) => ({ ...on }));
  const before = new Map(running.map((on) => [on, on.discount]));
  for (const reward of offer.onLines) {
    for (const { on, amount } of grantsOf(reward, running, rules, (one) => before.get(one)!)) {
      on.discount += least(amount, roomOf(on));
    }
  }

  const faces = running.map((on) => on.discount - before.get(on)!);
  const face = sum(faces);
  const promised = matchOf(offer.terms.storeMatch, face);
  const matches = splitWithin(promised, faces, running.map(roomOf), rules.dialect);
  const total = face + sum(matches);
  if (coupon.budget?.kind === 'spend' && coupon.budget.used + total > coupon.budget.limit) {
    return 'campaign-budget-exceeded';
  }
  if (face === 0n && !offer.benefit) {
    return open.length < lines.length ? 'overridden-by-manual' : 'nothing-left-to-discount';
  }
  for (const { at, unitsUsed } of running) lines[at]!.unitsUsed = unitsUsed;
  return running
    .map(({ at }, position): LineGift => ({ line: at, face: faces[position]!, match: matches[position]! }))
    .filter((gift) => gift.face > 0n);
}

function grantsOf(
  reward: LineReward,
  lines: readonly RunningLine[],
  { dialect }: Rules,
  discountBefore: (on: RunningLine) => bigint,
): Grant[] {
  if (reward.kind === 'buy-get') return buyGet(reward, onTarget(lines, 'lines'), dialect);
  const { on: scope } = reward;
  const selected = onTarget(lines, scope.target).filter(({ line }) => isSelected(line, scope.select));
  return reward.kind === 'percent-off'
    ? percentOff(reward, scope, selected, dialect, discountBefore)
    : amountOff(reward.amount, scope, selected, dialect);
}
