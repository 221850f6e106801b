/** A rule that the sides break, with what each of them says. */
export interface Difference {
  rule: Rule;
  /** `all` when the rule is about all of them together. */
  settlementId: string;
  says: Readonly<Record<string, string>>;
}

export type Rule =
  | 'journal-knows-every-settlement'
  | 'every-attempt-is-decided'
  | 'till-was-told-what-the-journal-holds'
  | 'authorizations-are-at-rest'
  | 'authorizations-agree-with-the-network'
  | 'captured-equals-granted'
  | 'refunds-never-exceed-captures'
  | 'refunds-never-exceed-the-sale'
  | 'a-sale-is-given-back-once'
  | 'no-hold-without-an-approval'
  | 'one-live-hold-per-attempt'
  | 'hold-never-above-the-price'
  | 'discount-is-the-sum-of-the-coupons'
  | 'credits-are-paid'
  | 'nothing-stays-reserved'
  | 'nothing-is-reserved-once-the-end-is-known'
  | 'consumed-equals-granted'
  | 'limits-hold'
  | 'one-live-authorization-per-attempt'
  | 'no-card-number-anywhere'
  | 'coupon-is-consumed-once'
  | 'analytics-equals-granted'
  | 'roll-ups-equal-granted'
  | 'stream-holds-every-event-once'
  | 'no-event-is-a-dead-letter';

/** Notes a difference unless the rule holds. */
export type Expect = (
  rule: Rule,
  holds: boolean,
  says: Record<string, string | bigint | number | undefined>,
) => void;

/** @returns how to expect something of one settlement; what does not hold is added to `differences` */
export function expecting(settlementId: string, differences: Difference[]): Expect {
  return (rule, holds, says) => {
    if (!holds) differences.push({ rule, settlementId, says: shown(says) });
  };
}

function shown(says: Record<string, string | bigint | number | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(says).map(([side, value]) => [side, String(value ?? 'nothing')]));
}
