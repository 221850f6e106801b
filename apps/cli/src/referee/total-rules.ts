import { couponsInUse, tillDiscountOf } from './coupon-rules.ts';
import type { Difference } from './difference.ts';
import { expecting } from './difference.ts';
import type { Facts, JournalFact } from './facts.ts';

/** What no settlement shows alone: coupons that paid twice, sums that do not add up, events lost or left over. */
export function checkTotals(facts: Facts): Difference[] {
  return [
    ...couponsConsumedTwice(facts),
    ...rollUpsThatDiffer(facts),
    ...limitsThatBreak(facts),
    ...streamsThatDiffer(facts),
  ];
}

function couponsConsumedTwice({ registry }: Facts): Difference[] {
  const uses = new Map<string, string[]>();
  for (const { settlementId, reservations } of registry) {
    for (const { couponId, state } of reservations) {
      if (state === 'consumed') uses.set(couponId, [...(uses.get(couponId) ?? []), settlementId]);
    }
  }
  return [...uses]
    .filter(([, settlements]) => settlements.length > 1)
    .map(([couponId, settlements]) => ({
      rule: 'coupon-is-consumed-once',
      settlementId: settlements[0]!,
      says: { couponId, registry: `consumed by ${settlements.join(', ')}` },
    }));
}

function rollUpsThatDiffer({ journal, rollUps, registry, scans }: Facts): Difference[] {
  const granted = journal.filter(({ state }) => state === 'granted');
  const sum = (of: (fact: JournalFact) => bigint) => granted.reduce((total, fact) => total + of(fact), 0n);
  const scanned = new Set(scans.map(({ settlementId }) => settlementId));
  const usedByScans = registry
    .filter(({ settlementId }) => scanned.has(settlementId))
    .flatMap(({ reservations }) => reservations.filter(({ state }) => state === 'consumed'));
  const wanted = {
    settlements: BigInt(granted.length),
    amount: sum(({ amount = 0n }) => amount),
    discount: sum(({ coupons }) => tillDiscountOf(coupons)),
    coupons: journal.reduce(
      (total, fact) => total + BigInt(couponsInUse(fact).length),
      BigInt(usedByScans.length),
    ),
  };
  const differences: Difference[] = [];
  const expect = expecting('all', differences);
  for (const name of ['settlements', 'amount', 'discount', 'coupons'] as const) {
    const says = { journal: `${name} ${wanted[name]}`, analytics: `${name} ${rollUps[name]}` };
    expect('roll-ups-equal-granted', wanted[name] === rollUps[name], says);
  }
  return differences;
}

function limitsThatBreak({ limits }: Facts): Difference[] {
  const differences: Difference[] = [];
  for (const { offerId, kind, limit, remaining, used } of limits) {
    const says = { offerId, kind, limit, remaining, used };
    expecting('all', differences)('limits-hold', used <= limit && used + remaining === limit, says);
  }
  return differences;
}

function streamsThatDiffer({ streams, deadLetters }: Facts): Difference[] {
  const differences: Difference[] = [];
  const expect = expecting('all', differences);
  for (const { name, appended, stored } of streams) {
    expect('stream-holds-every-event-once', appended === stored, { stream: name, outbox: appended, stored });
  }
  expect('no-event-is-a-dead-letter', deadLetters === 0n, { streams: `${deadLetters} dead letters` });
  return differences;
}
