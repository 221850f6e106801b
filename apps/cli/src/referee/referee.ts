import type { CouponFact, Facts, JournalFact, NetworkFact } from './facts.ts';

/** A rule that the sides break on one settlement (or one coupon), with what each of them says. */
export interface Difference {
  rule: Rule;
  /** `all` when the rule is about their sum. */
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
  | 'no-hold-without-an-approval'
  | 'one-live-hold-per-attempt'
  | 'hold-never-above-the-price'
  | 'discount-is-the-sum-of-the-coupons'
  | 'nothing-stays-reserved'
  | 'consumed-equals-granted'
  | 'coupon-is-consumed-once'
  | 'analytics-equals-granted'
  | 'roll-ups-equal-granted';

/** The invariants of the protocol (DESIGN, section 3), row by row over what the sides remember at rest. */
export function referee(facts: Facts): Difference[] {
  const sides = new Sides(facts);
  return [...sides.ids]
    .flatMap((settlementId) => ofSettlement(settlementId, sides))
    .concat(ofCoupons(facts), ofRollUps(facts));
}

class Sides {
  readonly tills: ReadonlyMap<string, Facts['tills'][number]>;
  readonly journal: ReadonlyMap<string, JournalFact>;
  readonly network: ReadonlyMap<string, NetworkFact[]>;
  readonly registry: ReadonlyMap<string, Facts['registry'][number]>;
  readonly analytics: ReadonlyMap<string, Facts['analytics'][number]>;
  readonly ids: ReadonlySet<string>;

  constructor({ tills, journal, network, registry, analytics }: Facts) {
    this.tills = bySettlement(tills);
    this.journal = bySettlement(journal);
    this.registry = bySettlement(registry);
    this.analytics = bySettlement(analytics);
    const remembered = new Map<string, NetworkFact[]>();
    for (const fact of network)
      remembered.set(fact.settlementId, [...(remembered.get(fact.settlementId) ?? []), fact]);
    this.network = remembered;
    const sides = [this.journal, this.tills, this.network, this.registry, this.analytics];
    this.ids = new Set(sides.flatMap((side) => [...side.keys()]));
  }
}

function ofSettlement(settlementId: string, sides: Sides): Difference[] {
  const journal = sides.journal.get(settlementId);
  const network = sides.network.get(settlementId) ?? [];
  const registry = sides.registry.get(settlementId);
  const analytics = sides.analytics.get(settlementId);
  const till = sides.tills.get(settlementId);
  if (!journal) {
    const known = { till, network: network[0], registry, analytics };
    const says = Object.entries(known).map(([side, fact]) => [side, fact ? 'knows it' : 'does not know it']);
    return [{ rule: 'journal-knows-every-settlement', settlementId, says: Object.fromEntries(says) }];
  }
  const differences: Difference[] = [];
  const expect = (rule: Rule, holds: boolean, says: Record<string, string | bigint | number | undefined>) => {
    if (!holds) differences.push({ rule, settlementId, says: shown(says) });
  };

  expect('every-attempt-is-decided', journal.state !== 'started', { journal: journal.state });
  const told = till && `${till.outcome} ${till.amount}`;
  const holds = journal.state === 'granted' ? `approved ${journal.amount}` : 'declined';
  expect(
    'till-was-told-what-the-journal-holds',
    !told || told === holds || (till.outcome === 'declined' && holds === 'declined'),
    {
      till: told,
      journal: holds,
    },
  );

  checkMoney(journal, network, expect);

  const granted = journal.state === 'granted' ? journal.coupons : [];
  const discount = granted.reduce((sum, coupon) => sum + coupon.discount, 0n);
  const promised = journal.state === 'granted' ? (journal.price ?? 0n) - (journal.amount ?? 0n) : 0n;
  expect('discount-is-the-sum-of-the-coupons', discount === promised, {
    journal: promised,
    coupons: discount,
  });

  const reservations = registry?.reservations ?? [];
  const reserved = reservations.filter(({ state }) => state === 'reserved');
  expect('nothing-stays-reserved', reserved.length === 0 && !registry?.open, {
    registry: registry?.state,
    reserved: reserved.length,
  });
  const consumed = reservations.filter(({ state }) => state === 'consumed');
  expect('consumed-equals-granted', listed(consumed) === listed(granted), {
    journal: listed(granted),
    registry: listed(consumed),
  });

  const wanted = usage(journal.state, journal.amount, discount, settledOn(network), granted);
  const counted = analytics
    ? usage(
        analytics.state === 'rolled-back' ? 'cancelled' : analytics.state,
        analytics.amount,
        analytics.discount,
        analytics.captured,
        analytics.coupons,
      )
    : 'does not know it';
  expect('analytics-equals-granted', wanted === counted, { journal: wanted, analytics: counted });
  return differences;
}

type Expect = (
  rule: Rule,
  holds: boolean,
  says: Record<string, string | bigint | number | undefined>,
) => void;

const AT_REST = ['captured', 'refunded', 'declined', 'reversed', 'never-sent', 'listed'];
/** What the network may say of an authorization in a state of the journal; absent: it never saw it. */
const NETWORK_STATES: Readonly<Record<string, readonly string[]>> = {
  captured: ['captured'],
  refunded: ['captured'],
  declined: ['declined'],
  reversed: ['reversed', 'declined'],
  'never-sent': ['never seen'],
};

function checkMoney(journal: JournalFact, network: readonly NetworkFact[], expect: Expect): void {
  for (const { authorizationId, state } of journal.authorizations) {
    const remembered =
      network.find((fact) => fact.authorizationId === authorizationId)?.state ?? 'never seen';
    const awaited = journal.state === 'granted' && !journal.confirmed; // On-confirm: the hold waits for the till.
    expect('authorizations-are-at-rest', AT_REST.includes(state) || awaited, {
      authorizationId,
      journal: state,
    });
    const allowed = NETWORK_STATES[state];
    expect('authorizations-agree-with-the-network', !allowed || allowed.includes(remembered), {
      authorizationId,
      journal: state,
      network: remembered,
    });
  }

  const due =
    journal.state === 'granted' && journal.confirmed && journal.authorizations.length > 0
      ? journal.amount
      : 0n;
  expect('captured-equals-granted', settledOn(network) === due, {
    journal: due,
    network: settledOn(network),
  });
  for (const { authorizationId, captured, refunded } of network) {
    expect('refunds-never-exceed-captures', refunded <= captured, { authorizationId, captured, refunded });
  }

  const holds = network.filter(({ state }) => state === 'held');
  expect(
    'no-hold-without-an-approval',
    holds.length === 0 || (journal.state === 'granted' && !journal.confirmed),
    {
      journal: `${journal.state}${journal.confirmed ? ', confirmed' : ''}`,
      held: holds.map(({ held }) => held).join(),
    },
  );
  expect('one-live-hold-per-attempt', holds.length <= 1, {
    network: holds.map(({ authorizationId }) => authorizationId).join(),
  });
  for (const { authorizationId, authorized, held } of network) {
    const price = journal.price ?? 0n;
    expect('hold-never-above-the-price', authorized <= price && held <= price, {
      authorizationId,
      price,
      authorized,
      held,
    });
  }
}

/** Over all settlements: no coupon pays twice. */
function ofCoupons({ registry }: Facts): Difference[] {
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

/** Over all settlements: what the roll-ups add up to. */
function ofRollUps({ journal, rollUps }: Facts): Difference[] {
  const granted = journal.filter(({ state }) => state === 'granted');
  const sum = (of: (fact: JournalFact) => bigint) => granted.reduce((total, fact) => total + of(fact), 0n);
  const wanted = {
    settlements: BigInt(granted.length),
    amount: sum(({ amount = 0n }) => amount),
    discount: sum(({ coupons }) => coupons.reduce((total, { discount }) => total + discount, 0n)),
    coupons: sum(({ coupons }) => BigInt(coupons.length)),
  };
  const names = ['settlements', 'amount', 'discount', 'coupons'] as const;
  return names
    .filter((name) => wanted[name] !== rollUps[name])
    .map((name) => ({
      rule: 'roll-ups-equal-granted',
      settlementId: 'all',
      says: { journal: `${name} ${wanted[name]}`, analytics: `${name} ${rollUps[name]}` },
    }));
}

function settledOn(network: readonly NetworkFact[]): bigint {
  return network.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0n);
}

function usage(
  state: string,
  amount: bigint | undefined,
  discount: bigint,
  captured: bigint,
  coupons: readonly CouponFact[],
): string {
  if (state !== 'granted') return state;
  return `granted ${amount}, discount ${discount}, captured ${captured}, coupons ${listed(coupons)}`;
}

function listed(coupons: readonly CouponFact[]): string {
  const entries = coupons.map(({ couponId, discount }) => `${couponId}=${discount}`);
  return entries.sort().join(' ') || 'none';
}

function shown(says: Record<string, string | bigint | number | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(says).map(([side, value]) => [side, String(value ?? 'nothing')]));
}

function bySettlement<Fact extends { settlementId: string }>(facts: readonly Fact[]): Map<string, Fact> {
  return new Map(facts.map((fact) => [fact.settlementId, fact]));
}
