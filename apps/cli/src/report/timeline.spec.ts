import { timelineOf, type Sighting } from './timeline.ts';

const amounts = { originalAmount: 386n, discount: 100n };
const seen = (what: Sighting['what'], atMs: number): Sighting => ({ what, atMs });

describe('the timeline of a settlement', () => {
  const sightings = [
    seen('settle asked', 1_000),
    seen('coupon search sent', 1_002.5),
    seen('authorize sent', 1_002),
    seen('coupon search answered', 1_005),
    seen('authorize answered', 1_004),
    seen('settle answered', 1_007.128),
  ];

  it('counts from the question, in the order of time', () => {
    expect(timelineOf('s', amounts, sightings)).toEqual({
      settlementId: 's',
      ...amounts,
      steps: [
        { what: 'settle asked', afterMs: 0 },
        { what: 'authorize sent', afterMs: 2 },
        { what: 'coupon search sent', afterMs: 2.5 },
        { what: 'authorize answered', afterMs: 4 },
        { what: 'coupon search answered', afterMs: 5 },
        { what: 'settle answered', afterMs: 7.13 },
      ],
      overlapMs: 1.5,
    });
  });

  it('shows no overlap where one followed the other', () => {
    const after = sightings.map((one) =>
      one.what.startsWith('coupon') ? { ...one, atMs: one.atMs + 10 } : one,
    );
    expect(timelineOf('s', amounts, after)?.overlapMs).toBe(0);
  });

  it('is none when an answer was not seen', () => {
    expect(timelineOf('s', amounts, sightings.slice(0, 4))).toBeUndefined();
  });
});
