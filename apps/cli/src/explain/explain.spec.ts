import { explain } from './explain.ts';
import { readOffers } from '../preview/offers-file.ts';
import { readBasket } from './basket-file.ts';
import { asJson, report } from './report.ts';

const FOLDER = new URL('../../sample/explain/', import.meta.url).pathname;
const basket = await readBasket(`${FOLDER}basket.json`);
const offers = await readOffers(`${FOLDER}offers.json`);

describe('the sample', () => {
  it('is told for people: what applied, what did not, and why', () => {
    const lines = report(explain(basket, offers));

    expect(lines.slice(0, 5)).toEqual([
      '21.92 USD, less 5.11: to pay 16.81',
      'No combination of these offers saves more.',
      '',
      '$1.50 off soap with shampoo: 1.50 off, paid by manufacturer:36200 1.00 and retailer:grocer 0.50',
      '  line 1: 0.70 off',
    ]);
    expect(lines).toContain('$2 off at the rental desk: does not apply, it is for another purpose');
  });

  it('is told as JSON, every offer with its lines or a reason', () => {
    const told = JSON.parse(asJson(explain(basket, offers))) as { toPay: number; offers: object[] };

    expect(told.toPay).toBe(1_681);
    expect(told.offers).toContainEqual(
      expect.objectContaining({ offerId: 'points', outcome: 'refused', reason: 'required-quantity-missing' }),
    );
  });

  it('gives another result for another purpose of the same holder', () => {
    const { offers: explained } = explain({ ...basket, purpose: 'rental' }, offers);

    expect(explained.find(({ offerId }) => offerId === 'car')!.applied!.discount).toBe(200n);
  });

  it('gives points where the third drink is there', () => {
    const lines = basket.lines.map((line) => (line.productId === 'cola' ? { ...line, quantity: '3' } : line));

    expect(report(explain({ ...basket, lines }, offers))).toContain('  gives 200 points of grocer');
  });
});

it('names the file and the field that is wrong', async () => {
  await expect(readBasket(`${FOLDER}offers.json`)).rejects.toThrow(/offers\.json: .*expected object/);
  await expect(readOffers(`${FOLDER}basket.json`)).rejects.toThrow(/basket\.json: /);
  await expect(readBasket(`${FOLDER}nowhere.json`)).rejects.toThrow(/nowhere\.json cannot be read/);
});
