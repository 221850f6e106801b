import fc from 'fast-check';
import { DEFAULT_DIALECT } from './dialect.ts';
import { priceByRules } from './price-by-rules.ts';
import type { Charge, Effect, PricingRule } from './types.ts';

const CONTEXT = { customerGroups: [], completedOrders: 0, preventAutomatic: false, pricesIncludeTax: false };

describe('rules in order', () => {
  it.each([
    { option: {}, total: 800n, because: 'each is per unit' },
    { option: { fixedEach: 'line' }, total: 400n, because: 'each is per line' },
  ] as const)('fixed 400 each on two units gives $total: $because', ({ option, total }) => {
    const fixed = effect({ kind: 'fixed', amount: 400n });
    expect(discountOf([line('a', 1_000n, 2)], [rule([fixed])], option)).toBe(total);
  });

  it.each([
    { option: {}, total: 152n, because: 'half a cent goes to the shopper' },
    { option: { percentHalf: 'down' }, total: 151n, because: 'half a cent stays' },
    { option: { percentRoundedPer: 'unit' }, total: 153n, because: 'one unit, rounded alone' },
  ] as const)('10 % of three at 505 gives $total: $because', ({ option, total }) => {
    expect(discountOf([line('a', 505n, 3)], [rule([percent(10n)])], option)).toBe(total);
  });

  it('lets percentages of one rule compound, or add', () => {
    const rules = [rule([percent(50n), percent(50n)])];
    expect(discountOf([line('a', 1_000n)], rules)).toBe(750n);
    expect(discountOf([line('a', 1_000n)], rules, { percentsOfOneRule: 'add' })).toBe(1_000n);
  });

  it('frees the cheapest unit, or one of the line with the highest subtotal', () => {
    const rate = { numerator: 1n, denominator: 1n };
    const buyGet = rule([{ kind: 'buy-get', rate, buy: {}, buyQuantity: 1, get: {}, getQuantity: 1 }]);
    const lines = [line('a', 300n), line('b', 200n, 2)];
    expect(discountOf(lines, [buyGet])).toBe(200n);
    expect(
      discountOf([line('a', 300n, 2), line('b', 200n)], [buyGet], { freeUnits: 'highest-subtotal-line' }),
    ).toBe(300n);
  });

  it('never goes below a floor and gives the others what a floor refuses', () => {
    const lines = [{ ...line('a', 1_000n), unitPriceMin: 900n }, line('b', 1_000n)];
    const across = effect({ kind: 'fixed', amount: 600n, target: 'order', allocation: 'across' });
    const { adjustments } = priceByRules(lines, [rule([across])], CONTEXT, DEFAULT_DIALECT);
    expect(adjustments.map(({ amount }) => amount)).toEqual([100n, 500n]);
  });

  it('refuses a rule whole where its budget would overflow', () => {
    const budget = { kind: 'spend', limit: 99n, used: 0n } as const;
    const priced = priceByRules(
      [line('a', 1_000n)],
      [{ ...rule([percent(10n)]), budget }],
      CONTEXT,
      DEFAULT_DIALECT,
    );
    expect(priced.adjustments).toEqual([]);
    expect(priced.refused).toEqual([{ ruleId: 'r', reason: 'campaign-budget-exceeded' }]);
  });

  it('applies an exclusive rule alone', () => {
    const rules = [rule([percent(10n)], 'first'), { ...rule([percent(20n)], 'alone'), exclusive: true }];
    expect(discountOf([line('a', 1_000n)], rules)).toBe(200n);
  });

  it('leaves no charge below zero, and the order of lines changes no total', () => {
    const prices = fc.array(fc.bigInt(0n, 5_000n), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(prices, fc.bigInt(0n, 9_000n), fc.bigInt(0n, 100n), (given, amount, rate) => {
        const lines = given.map((price, at) => line(`${at}`, price, (at % 3) + 1));
        const rules = [
          rule([effect({ kind: 'fixed', amount, allocation: 'across' })]),
          rule([percent(rate, 'order')]),
        ];
        const priced = priceByRules(lines, rules, CONTEXT, DEFAULT_DIALECT);
        expect(priced.charges.every(({ price, discount }) => discount >= 0n && discount <= price)).toBe(true);
        expect(discountOf([...lines].reverse(), rules)).toBe(discountOf(lines, rules));
      }),
    );
  });
});

function discountOf(lines: Charge[], rules: PricingRule[], option = {}): bigint {
  const priced = priceByRules(lines, rules, CONTEXT, { ...DEFAULT_DIALECT, ...option });
  return priced.adjustments.reduce((total, { amount }) => total + amount, 0n);
}

function line(chargeId: string, price: bigint, quantity = 1): Charge {
  const unitPrice = { numerator: price, denominator: 1n };
  return {
    chargeId,
    target: 'line',
    quantity,
    unitPrice,
    tags: [],
    taxRate: { numerator: 0n, denominator: 1n },
  };
}

function rule(effects: Effect[], ruleId = 'r'): PricingRule {
  return {
    ruleId,
    priority: 0,
    exclusive: false,
    trigger: 'code',
    catalogue: false,
    conditions: [],
    effects,
  };
}

function effect(fixed: { kind: 'fixed'; amount: bigint; target?: 'order'; allocation?: 'across' }): Effect {
  return { target: 'lines', allocation: 'each', select: {}, ...fixed };
}

function percent(rate: bigint, target: 'lines' | 'order' = 'lines'): Effect {
  return {
    kind: 'percent',
    target,
    rate: { numerator: rate, denominator: 100n },
    allocation: 'each',
    select: {},
  };
}
