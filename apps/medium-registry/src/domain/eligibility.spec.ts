import type { MediumKind } from '@couplet/contracts';
import { aCachedOffer } from '../../test/samples.ts';
import { ineligibility } from './eligibility.ts';

const offer = aCachedOffer({
  conditions: { purposes: ['purchase'], stores: ['309'], mediumKinds: ['point-card', 'credit-card'] },
});
const at = (presentedAt: string) => ({
  presentedAtMs: Date.parse(presentedAt),
  purpose: 'purchase',
  storeId: '309' as string | undefined,
  mediumKinds: new Set<MediumKind>(['credit-card']),
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
    expect(ineligibility(aCachedOffer(), anywhere)).toBeUndefined();
  });
});
