import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { MediumToken } from '@couplet/contracts';
import fc from 'fast-check';
import { InvalidMediumError } from './invalid-medium.ts';
import { mediumToken, parToken } from './medium-token.ts';
import { loadTokenKey } from './token-key.ts';

const SECRET = Buffer.alloc(32, 7).toString('base64');
const key = loadTokenKey(`k1:${SECRET}\n`);
const visa = { kind: 'credit-card', id: '4111111111111111' } as const;
const schemeName = fc.stringMatching(/^[\x21-\x7e]{1,16}$/).filter((name) => !/^pa[nr]$/i.test(name));
const schemeNumber = fc.stringMatching(/^[0-9A-Z]{1,24}$/);

describe('a medium token', () => {
  it('is stable for ever: stored tokens must be found again', () => {
    expect(mediumToken(key, visa)).toBe('k1:fbm3XZ7VzhExKGWZv_iAnDOVnZ2EeSMw5CZstoVL2DA');
    expect(mediumToken(key, { kind: 'point-card', scheme: 'grocer', id: '2261' })).toBe(
      'k1:xGzr7xVB8o_FJcPWoPnF3G2OLAg_xDJX3KECv0fRC1E',
    );
  });

  it('is one for a card read as credit and as debit, and for every way of grouping its digits', () => {
    const spellings = ['4111111111111111', '4111 1111 1111 1111', '4111-1111-1111-1111'];
    const tokens = (['credit-card', 'debit-card'] as const).flatMap((kind) =>
      spellings.map((id) => mediumToken(key, { kind, scheme: 'any', id })),
    );
    expect(new Set(tokens)).toEqual(new Set([mediumToken(key, visa)]));
  });

  it('fits the contract, and differs whenever scheme or number differ', () => {
    const medium = fc.record({ scheme: schemeName, id: schemeNumber });
    fc.assert(
      fc.property(medium, medium, (one, other) => {
        const tokens = [one, other].map((each) => mediumToken(key, { kind: 'point-card', ...each }));
        expect(tokens.every((token) => MediumToken.safeParse(token).success)).toBe(true);
        const same = one.scheme.toLowerCase() === other.scheme.toLowerCase() && one.id === other.id;
        expect(tokens[0] === tokens[1]).toBe(same);
      }),
    );
  });

  it('keeps leading zeros and ignores case', () => {
    const tokenOf = (id: string) => mediumToken(key, { kind: 'mileage-card', scheme: 'Air', id });
    expect(tokenOf('ab-12')).toBe(tokenOf('AB12'));
    expect(tokenOf('0012')).not.toBe(tokenOf('12'));
  });

  it('differs between keys, also between keys of one name', () => {
    const other = loadTokenKey(`k1:${randomBytes(32).toString('base64')}`);
    expect(mediumToken(other, visa)).not.toBe(mediumToken(key, visa));
  });

  it.each(['pan', 'PAR'])('lets no point card stand for a payment card by the scheme %s', (scheme) => {
    expect(() => mediumToken(key, { kind: 'point-card', scheme, id: visa.id })).toThrow('is not a scheme');
  });

  it.each([
    [{ ...visa, id: '4111111111111112' }, 'check digit'],
    [{ ...visa, id: '41111111111' }, '12 to 19 digits'],
    [{ ...visa, id: '4111111111111111a' }, '12 to 19 digits'],
    [{ kind: 'point-card', id: '2261' }, 'needs its scheme'],
    [{ kind: 'point-card', scheme: 'grocer', id: '--' }, 'letters or digits'],
  ] as const)('refuses %j by its field, without repeating the number', (medium, reason) => {
    const refused = () => mediumToken(key, medium);
    expect(refused).toThrow(InvalidMediumError);
    expect(refused).toThrow(reason);
    expect(refused).not.toThrow(medium.id);
  });

  it('is made of a par under a scheme of its own', () => {
    const par = 'V0010013018036776504133558621';
    expect(MediumToken.safeParse(parToken(key, par)).success).toBe(true);
    expect(parToken(key, par)).not.toBe(mediumToken(key, { kind: 'point-card', scheme: 'grocer', id: par }));
    expect(() => parToken(key, par.toLowerCase())).toThrow('29 upper-case');
  });
});

describe('a token key', () => {
  it('shows its name and nothing else', () => {
    expect(inspect(key, { showHidden: true })).toBe("TokenKey { kid: 'k1' }");
    expect(JSON.stringify(key)).toBe('{"kid":"k1"}');
  });

  it.each(['', 'k1', 'k1:', `K 1:${SECRET}`, `UPPER:${SECRET}`, 'k1:c2hvcnQ=', `k1:${SECRET}:more`])(
    'is not read from %p',
    (text) => expect(() => loadTokenKey(text)).toThrow(RangeError),
  );

  it('is not repeated in the error about it', () => {
    expect(() => loadTokenKey(`UPPER:${SECRET}`)).not.toThrow(SECRET);
  });
});
