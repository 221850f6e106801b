import { readBasket } from './basket.ts';

describe('readBasket', () => {
  it('reads lines of text', () => {
    const text = 'cereal 2 3.86\ntomatoes 0.355kg 2.10\n\ndeposit 1 0.25 no-coupons\n';
    expect(readBasket(text, 'USD')).toEqual([
      { lineId: '1', productId: 'cereal', quantity: '2', unit: 'each', amount: 386n, discountable: true },
      { lineId: '2', productId: 'tomatoes', quantity: '0.355', unit: 'kg', amount: 210n, discountable: true },
      { lineId: '3', productId: 'deposit', quantity: '1', unit: 'each', amount: 25n, discountable: false },
    ]);
  });

  it('reads JSON as the contract has it, and numbers lines without an id', () => {
    const line = { productId: 'cereal', quantity: '2', amount: 386 };
    const read = { ...line, lineId: '1', unit: 'each', amount: 386n, discountable: true };
    expect(readBasket(JSON.stringify([line]), 'USD')).toEqual([read]);
    expect(readBasket(JSON.stringify({ lines: [{ ...line, lineId: 'a' }] }), 'USD')).toEqual([
      { ...read, lineId: 'a' },
    ]);
  });

  it('is empty without lines', () => expect(readBasket('\n', 'USD')).toEqual([]));

  it.each([
    'cereal 2 386',
    'cereal two 3.86',
    'cereal 2',
    'cereal 2 3.86 perhaps',
    'cereal 2 3.86 no-coupons 1',
  ])('refuses "%s" and names it', (line) =>
    expect(() => readBasket(`milk 1 1.00\n${line}`, 'USD')).toThrow(`Basket line 2 is "${line}"`),
  );

  it.each([
    ['[{"productId":"cereal","quantity":"2","amount":3.86}]', /amount/],
    ['[{"productId":', /not JSON/],
  ])('refuses %s', (json, says) => expect(() => readBasket(json, 'USD')).toThrow(says));
});
