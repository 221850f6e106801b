import { centsOf, inDollars } from './dollars.ts';

describe('dollars to cents', () => {
  it.each([
    { dollars: '2.49', cents: 249n },
    { dollars: '1.5', cents: 150n },
    { dollars: '3', cents: 300n },
    { dollars: '0.0', cents: 0n },
    { dollars: '1.100', cents: 110n },
    { dollars: '8.29', cents: 829n },
    { dollars: '4503599627370.4', cents: undefined },
    { dollars: '2.495', cents: undefined },
    { dollars: '-1.00', cents: undefined },
    { dollars: '1e2', cents: undefined },
    { dollars: '', cents: undefined },
  ])('reads $dollars as $cents', ({ dollars, cents }) => {
    expect(centsOf(dollars)).toBe(cents);
  });

  it.each([
    [0n, '0.00'],
    [5n, '0.05'],
    [123456n, '1234.56'],
    [-250n, '-2.50'],
  ])('shows %s as %s', (cents, dollars) => {
    expect(inDollars(cents)).toBe(dollars);
  });
});
