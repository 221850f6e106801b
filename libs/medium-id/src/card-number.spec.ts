import { format, inspect } from 'node:util';
import { CardNumber } from './card-number.ts';

const DIGITS = '4111111111111111';

describe('a card number', () => {
  const card = new CardNumber(DIGITS);

  it.each([
    ['a template string', `${card}`],
    ['concatenation', '' + String(card)],
    ['JSON', JSON.stringify({ card })],
    ['inspect, hidden fields too', inspect({ card }, { showHidden: true, depth: 9 })],
    ['console formats', format('%s %o %j', card, card, card)],
    ['the log of an error that carries it', inspect(new Error('declined', { cause: { card } }))],
    ['its own fields', JSON.stringify(Object.entries(card)) + Reflect.ownKeys(card).map(String).join()],
    ['a structured clone', inspect(structuredClone(card))],
  ])('does not show in %s', (_where, shown) => {
    expect(shown).not.toContain(DIGITS.slice(0, 12));
  });

  it('shows its last four digits', () => {
    expect([`${card}`, JSON.stringify(card), inspect(card), card.last4]).toEqual([
      '****1111',
      '"****1111"',
      '****1111',
      '1111',
    ]);
  });

  it('is revealed only when asked', () => {
    expect(card.reveal()).toBe(DIGITS);
  });

  it.each(['41111111111', '41111111111111111111', '4111-1111-1111-1111', ''])(
    'refuses what is not 12 to 19 digits without repeating it: %p',
    (digits) => {
      expect(() => new CardNumber(digits)).toThrow(/^a card number has 12 to 19 digits$/);
    },
  );
});
