import type { z } from 'zod';

/** As much of the terms as their rules across fields look at. */
interface Terms {
  requires: readonly RequiredSet[];
  reward: Reward | { kind: 'several'; rewards: readonly Reward[] };
  funding: readonly { shareBps: number }[];
}

interface RequiredSet {
  productIds: readonly string[];
  quantity: number;
  quantityMax?: number | undefined;
  measure?: { unit: string } | undefined;
}

type Scope =
  { kind: 'lines' } | { kind: 'cheapest' | 'dearest'; quantity: number } | { kind: 'set'; set: number };

type Reward =
  | { kind: 'amount-off' | 'percent-off'; on?: Scope | undefined }
  | { kind: 'free-item'; quantity: number }
  | { kind: 'fixed-price' | 'benefit' };

type Report = (path: (string | number)[], message: string) => void;

/** What fields say together; the engine refuses the same, so nothing that passes here fails at a till. */
export function checkTerms(terms: Terms, context: z.core.$RefinementCtx<Terms>): void {
  const report: Report = (path, message) => context.addIssue({ code: 'custom', path, message });
  const shares = terms.funding.reduce((sum, { shareBps }) => sum + shareBps, 0);
  if (shares !== 10_000) report(['funding'], `shares sum to ${shares}, not to 10000`);
  terms.requires.forEach(({ quantity, quantityMax, measure }, at) => {
    if (measure?.unit === 'each') report(['requires', at, 'measure', 'unit'], 'each is counted by quantity');
    if (quantityMax !== undefined && quantityMax < quantity) {
      report(['requires', at, 'quantityMax'], `must not be below the quantity ${quantity}`);
    }
  });
  const { reward } = terms;
  if (reward.kind !== 'several') return checkReward(reward, ['reward'], terms, report);
  reward.rewards.forEach((one, at) => checkReward(one, ['reward', 'rewards', at], terms, report));
  checkTogether(reward.rewards, terms, report);
}

function checkReward(reward: Reward, path: (string | number)[], { requires }: Terms, report: Report): void {
  const pieces = requires.reduce((sum, set) => sum + Math.max(set.quantity, set.quantityMax ?? 0), 0);
  if (reward.kind === 'fixed-price' && requires.length === 0)
    report(path, 'a fixed price needs required sets');
  if (reward.kind === 'free-item' && requires.length > 0 && reward.quantity > pieces) {
    report([...path, 'quantity'], `must not be above the ${pieces} required`);
  }
  const on = 'on' in reward ? reward.on : undefined;
  if (!on || on.kind === 'lines') return;
  if (requires.length === 0) return report([...path, 'on'], `a reward on ${on.kind} needs required sets`);
  if (on.kind !== 'set') {
    if (on.quantity > pieces) report([...path, 'on', 'quantity'], `must not be above the ${pieces} required`);
    return;
  }
  const set = requires[on.set];
  if (!set)
    return report([...path, 'on', 'set'], `must be a position in requires, 0 to ${requires.length - 1}`);
  const others = new Set(requires.filter((other) => other !== set).flatMap(({ productIds }) => productIds));
  const shared = set.productIds.find((productId) => others.has(productId));
  if (shared !== undefined) report([...path, 'on', 'set'], `shares product ${shared} with another set`);
}

function checkTogether(rewards: readonly Reward[], { requires }: Terms, report: Report): void {
  const path = ['reward', 'rewards'];
  const money = rewards.filter(({ kind }) => kind !== 'benefit');
  if (rewards.length - money.length > 1) report(path, 'an offer gives one benefit at most');
  const onLines = money.filter((one) => 'on' in one && one.on?.kind === 'lines');
  if (requires.length > 0 && onLines.length > 0 && onLines.length < money.length) {
    report(path, 'a reward on pieces and one on lines cannot be of one offer');
  }
}
