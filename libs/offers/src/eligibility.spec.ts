import type { MediumKind } from '@couplet/contracts';
import { ineligibility, prepareConditions } from './eligibility.ts';

const IN_MAY = { purposes: ['purchase'], validFrom: '2026-05-01T00:00:00Z', validTo: '2026-06-01T00:00:00Z' };
const offer = prepareConditions({ ...IN_MAY, stores: ['309'], mediumKinds: ['point-card', 'credit-card'] });
const at = (presentedAt: string) => ({
  presentedAtMs: Date.parse(presentedAt),
  purpose: 'purchase',
  storeId: '309' as string | undefined,
  mediumKinds: new Set<MediumKind>(['credit-card']),
  attributes: {},
});
const inMay = at('2026-05-10T12:00:00Z');

describe('whether an offer may be used', () => {
  it.each([
    {
      presentation: at('2026-04-30T23:59:59.999Z'),
      why: 'not-valid-then',
      because: 'the window has not begun',
    },
    {
      presentation: at('2026-05-01T00:00:00Z'),
      why: undefined,
      because: 'the window holds its first instant',
    },
    { presentation: at('2026-05-31T23:59:59.999Z'), why: undefined, because: 'the window is not over' },
    {
      presentation: at('2026-06-01T00:00:00Z'),
      why: 'not-valid-then',
      because: 'the window ends before its end',
    },
    { presentation: { ...inMay, purpose: 'rental' }, why: 'purpose-differs', because: 'it is for purchases' },
    { presentation: { ...inMay, storeId: '310' }, why: 'store-differs', because: 'it is for store 309' },
    { presentation: { ...inMay, storeId: undefined }, why: undefined, because: 'no store is named' },
    {
      presentation: { ...inMay, mediumKinds: new Set<MediumKind>(['debit-card']) },
      why: 'medium-kind-differs',
      because: 'no debit card is allowed',
    },
    {
      presentation: { ...inMay, mediumKinds: new Set<MediumKind>(['debit-card', 'point-card']) },
      why: undefined,
      because: 'one allowed medium is enough',
    },
  ])('$why: $because', ({ presentation, why }) => {
    expect(ineligibility(offer, presentation)).toBe(why);
  });

  it('needs no store and no kind of medium when the offer names none', () => {
    const anywhere = { ...inMay, storeId: '1', mediumKinds: new Set<MediumKind>(['mileage-card']) };
    expect(ineligibility(prepareConditions(IN_MAY), anywhere)).toBeUndefined();
  });

  it.each([
    [{ tier: 'gold' }, undefined],
    [{ tier: 'gold', age: '19-24' }, undefined],
    [{ tier: 'silver' }, 'holder-not-in-segment'],
    [{ tier: 'silver', age: '25-34' }, 'holder-not-in-segment'],
    [{ age: '25-34', income: '50-74K' }, undefined],
    [{}, 'holder-not-in-segment'],
  ] as const)('a holder of %j: %s', (attributes, why) => {
    const segments: Record<string, string>[] = [{ tier: 'gold' }, { age: '25-34', income: '50-74K' }];
    expect(ineligibility(prepareConditions({ ...IN_MAY, segments }), { ...inMay, attributes })).toBe(why);
  });

  it.each([
    [{ storeId: '309', timeZone: 'America/New_York' }, undefined],
    [{ storeId: '309', timeZone: 'Asia/Tokyo' }, 'not-valid-then'],
    [{ storeId: '309' }, 'store-time-zone-unknown'],
    [{ storeId: undefined }, undefined],
  ])('in local time, at %j: %s', (where, why) => {
    const local = { ...IN_MAY, validFrom: '2026-05-01T00:00', validTo: '2026-05-10T20:00' };
    expect(ineligibility(prepareConditions(local), { ...inMay, ...where })).toBe(why);
  });
});
