import { inspect } from 'node:util';
import { paymentOf, readCards, tenderText } from './cards.ts';

const NUMBER = '4111111111111111';

describe('readCards', () => {
  it('takes the cards that pay in their order, and the others as media', () => {
    const { tenders, media } = readCards(
      `4111 1111 1111 1111\npoint-card grocer 2261\n\ndebit-card ${NUMBER}\n`,
    );
    expect(tenders.map(paymentOf)).toEqual([
      { kind: 'credit-card', id: NUMBER },
      { kind: 'debit-card', id: NUMBER },
    ]);
    expect(media).toEqual([{ kind: 'point-card', scheme: 'grocer', id: '2261' }]);
  });

  it('shows the last four digits and no others', () => {
    const { tenders } = readCards(NUMBER);
    expect(tenders.map(tenderText)).toEqual(['credit card ****1111']);
    expect(inspect(tenders) + JSON.stringify(tenders)).not.toContain('411111');
  });

  it.each(['point-card 2261', '41111', `gift-card ${NUMBER}`, `${NUMBER}${NUMBER}`, 'swipe'])(
    'refuses "%s" without repeating it',
    (line) => {
      expect(() => readCards(line)).toThrow('Card line 1 cannot be read.');
      expect(() => readCards(line)).not.toThrow(line);
    },
  );
});
