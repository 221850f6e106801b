import { SettleV1 } from '@couplet/contracts';
import type { Journey, Receipt } from '../journey/types.ts';
import { settleRequestOf } from './settle-request.ts';

const product = (productId: string, department: string) => ({
  productId,
  manufacturer: '1',
  department,
  brand: 'National',
  category: '',
  type: '',
  packageSize: '',
});
const products: Journey['products'] = new Map([
  ['soap', product('soap', 'GROCERY')],
  ['petrol', product('petrol', 'FUEL')],
]);
const receiptOf = (...lines: [productId: string, quantity: string, amount: bigint][]): Receipt => ({
  basketId: '31198705046',
  householdId: '906',
  storeId: '319',
  at: new Date('2017-01-01T12:30:27Z'),
  lines: lines.map(([productId, quantity, amount], index) => ({
    lineId: String(index + 1),
    productId,
    quantity,
    amount,
    recorded: { manufacturer: 0n, store: 0n },
  })),
});

describe('a receipt as a settle request', () => {
  it('fits the contract, and sums its lines', () => {
    const body = settleRequestOf(receiptOf(['soap', '2', 386n], ['soap', '1', 14n]), products);
    expect(SettleV1.request.parse(JSON.parse(JSON.stringify(body))).amount).toBe(400n);
    expect(body.media).toEqual([{ kind: 'point-card', scheme: 'grocer', id: '906' }]);
  });

  it('asks no card for nothing', () => {
    const body = settleRequestOf(receiptOf(['soap', '0', 0n]), products);
    expect(body.payment).toBeUndefined();
    expect(SettleV1.request.safeParse(body).success).toBe(true);
  });

  it.each([
    ['12608', '12.608'],
    ['2000', '2'],
    ['5', '0.005'],
    ['0', '0'],
  ])('counts %s of fuel as %s gallons that no coupon touches', (quantity, gallons) => {
    const [line] = settleRequestOf(receiptOf(['petrol', quantity, 2772n]), products).lines!;
    expect(line).toMatchObject({ quantity: gallons, unit: 'gal', discountable: false });
  });
});
