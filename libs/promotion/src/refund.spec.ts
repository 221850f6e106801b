import fc from 'fast-check';
import { sum } from './allocate.ts';
import { refund, type Refundable, type ReturnedLine } from './refund.ts';

const SALE: Refundable = {
  lines: [
    { lineId: 'soap', quantity: '3', amount: 900n },
    { lineId: 'cheese', quantity: '0.355', amount: 500n },
  ],
  coupons: [
    {
      couponId: 'c',
      lines: [
        { lineId: 'soap', discount: 100n },
        { lineId: 'cheese', discount: 51n },
      ],
      funding: [
        { party: 'manufacturer', amount: 101n },
        { party: 'store', amount: 50n },
      ],
    },
  ],
};

function given(sale: Refundable, returned: readonly ReturnedLine[]) {
  const outcome = refund(sale, returned);
  if ('refused' in outcome) throw new Error(outcome.refused);
  return outcome;
}

describe('a refund', () => {
  it('gives back what the line carried, and tells who gets the discount back', () => {
    expect(given(SALE, [{ lineId: 'cheese' }]).refund).toEqual({
      amount: 449n,
      lines: [{ lineId: 'cheese', quantity: '0.355', amount: 500n, discount: 51n }],
      coupons: [
        {
          couponId: 'c',
          lines: [{ lineId: 'cheese', discount: 51n }],
          funding: [
            { party: 'manufacturer', amount: 34n },
            { party: 'store', amount: 17n },
          ],
        },
      ],
    });
  });

  it('leaves the other lines as they are: their discount is not spread again', () => {
    const { left } = given(SALE, [{ lineId: 'cheese' }]);
    expect(left.lines).toEqual([{ lineId: 'soap', quantity: '3', amount: 900n }]);
    expect(left.coupons[0]!.lines).toEqual([{ lineId: 'soap', discount: 100n }]);
  });

  it('of one piece after the other gives a third of what is left, a half, then all', () => {
    const amounts: bigint[] = [];
    let left = SALE;
    for (let piece = 0; piece < 3; piece++) {
      const outcome = given(left, [{ lineId: 'soap', quantity: '1' }]);
      amounts.push(outcome.refund.lines[0]!.discount);
      left = outcome.left;
    }
    expect(amounts).toEqual([33n, 34n, 33n]);
  });

  it('of a line without a count, as tills record a price alone, gives back all of it', () => {
    const sale = { lines: [{ lineId: 'fuel', quantity: '0', amount: 199n }], coupons: [] };
    expect(given(sale, [{ lineId: 'fuel' }])).toMatchObject({
      refund: { amount: 199n },
      left: { lines: [] },
    });
  });

  it.each([
    { returned: { lineId: 'tea' }, refused: 'line-unknown' },
    { returned: { lineId: 'soap', quantity: '4' }, refused: 'more-than-is-left' },
    { returned: { lineId: 'soap', quantity: '0' }, refused: 'quantity-invalid' },
    { returned: { lineId: 'soap', quantity: '-1' }, refused: 'quantity-invalid' },
  ])('of $returned.quantity $returned.lineId is refused: $refused', ({ returned, refused }) => {
    expect(refund(SALE, [returned])).toEqual({ lineId: returned.lineId, refused });
  });

  it('names a line once', () => {
    const twice = [{ lineId: 'soap', quantity: '1' }, { lineId: 'soap' }];
    expect(refund(SALE, twice)).toEqual({ lineId: 'soap', refused: 'line-twice' });
  });
});

/** Up to four lines and three coupons, whose discounts fit the lines and whose funding sums to them. */
const sales: fc.Arbitrary<Refundable> = fc
  .array(fc.record({ pieces: fc.integer({ min: 1, max: 5 }), paid: fc.bigInt(0n, 300n) }), {
    minLength: 1,
    maxLength: 4,
  })
  .chain((lines) =>
    fc
      .array(
        fc.record({
          discounts: fc.tuple(...lines.map(() => fc.bigInt(0n, 60n))),
          funderShare: fc.integer({ min: 0, max: 100 }),
        }),
        { maxLength: 3 },
      )
      .map((coupons) => ({
        lines: lines.map(({ pieces, paid }, at) => ({
          lineId: `${at}`,
          quantity: `${pieces}`,
          amount: paid + sum(coupons.map(({ discounts }) => discounts[at]!)),
        })),
        coupons: coupons.map(({ discounts, funderShare }, at) => {
          const total = sum(discounts);
          const manufacturer = (total * BigInt(funderShare)) / 100n;
          return {
            couponId: `c${at}`,
            lines: discounts.map((discount, line) => ({ lineId: `${line}`, discount })),
            funding: [
              { party: 'manufacturer', amount: manufacturer },
              { party: 'store', amount: total - manufacturer },
            ],
          };
        }),
      })),
  );

/** What each party, line and coupon carries, so that sums can be compared. */
function tally(coupons: Refundable['coupons'], into = new Map<string, bigint>()) {
  const add = (key: string, amount: bigint) => amount > 0n && into.set(key, (into.get(key) ?? 0n) + amount);
  for (const { couponId, lines, funding } of coupons) {
    for (const { lineId, discount } of lines) add(`${couponId} on ${lineId}`, discount);
    for (const { party, amount } of funding) add(`${couponId} by ${party}`, amount);
  }
  return into;
}

it('any sequence of refunds over all lines sums to the whole, and none gives more than it took', () => {
  fc.assert(
    fc.property(sales, fc.infiniteStream(fc.nat(1_000)), (sale, picks) => {
      let left = sale;
      let amount = 0n;
      const carried = new Map<string, bigint>();
      while (left.lines.length > 0) {
        const { lineId, quantity } = left.lines[picks.next().value! % left.lines.length]!;
        const pieces = 1 + (picks.next().value! % Number(quantity));
        const outcome = given(left, [{ lineId, quantity: `${pieces}` }]);
        for (const part of outcome.refund.lines) {
          expect(part.discount).toBeGreaterThanOrEqual(0n);
          expect(part.amount).toBeGreaterThanOrEqual(part.discount);
        }
        for (const { lines, funding } of outcome.refund.coupons) {
          expect(sum(funding.map((share) => share.amount))).toBe(sum(lines.map(({ discount }) => discount)));
        }
        amount += outcome.refund.amount;
        tally(outcome.refund.coupons, carried);
        left = outcome.left;
      }
      const discount = sum(sale.coupons.flatMap(({ lines }) => lines).map((line) => line.discount));
      expect(amount).toBe(sum(sale.lines.map((line) => line.amount)) - discount);
      expect(carried).toEqual(tally(sale.coupons));
      expect(left.coupons).toEqual([]);
    }),
    { numRuns: 500 },
  );
});
