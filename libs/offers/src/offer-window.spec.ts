import fc from 'fast-check';
import { OfferWindow } from './offer-window.ts';

const NEW_YORK = 'America/New_York';
const LOS_ANGELES = 'America/Los_Angeles';
const at = (utc: string) => Date.parse(utc);

describe('a window in local time', () => {
  const blackFriday = new OfferWindow({ validFrom: '2027-11-26T08:00', validTo: '2027-11-27T00:00' });

  it.each([
    ['2027-11-26T12:59:59.999Z', NEW_YORK, 'closed'],
    ['2027-11-26T13:00:00Z', NEW_YORK, 'open'],
    ['2027-11-26T13:00:00Z', LOS_ANGELES, 'closed'],
    ['2027-11-26T16:00:00Z', LOS_ANGELES, 'open'],
    ['2027-11-27T04:59:59.999Z', NEW_YORK, 'open'],
    ['2027-11-27T05:00:00Z', NEW_YORK, 'closed'],
    ['2027-11-27T05:00:00Z', LOS_ANGELES, 'open'],
    ['2027-11-27T08:00:00Z', LOS_ANGELES, 'closed'],
    ['2027-11-26T16:00:00Z', undefined, 'time-zone-unknown'],
  ])('at %s in %s is %s', (utc, zone, state) => {
    expect(blackFriday.at(at(utc), zone)).toBe(state);
  });

  it('is open somewhere from the first clock on earth to the last', () => {
    expect(new Date(blackFriday.opensMs).toISOString()).toBe('2027-11-25T18:00:00.000Z');
    expect(new Date(blackFriday.closesMs).toISOString()).toBe('2027-11-27T12:00:00.000Z');
  });

  it.each([
    ['2027-11-26T12:59:00Z', 'before'],
    ['2027-11-26T13:00:00Z', 'open'],
    ['2027-11-27T07:59:00Z', 'open'],
    ['2027-11-27T08:00:00Z', 'over'],
  ])('at %s is %s for stores in New York and Los Angeles', (utc, phase) => {
    expect(blackFriday.phaseAt(at(utc), [NEW_YORK, LOS_ANGELES])).toBe(phase);
  });

  it('is open for nobody knows whom while some clock on earth says so', () => {
    expect(blackFriday.phaseAt(at('2027-11-25T18:00:00Z'), [])).toBe('open');
    expect(blackFriday.phaseAt(at('2027-11-27T12:00:00Z'), [])).toBe('over');
  });

  it.each([
    ['2028-02-29T00:00', '2028-03-01T00:00', 24],
    ['2027-02-28T00:00', '2027-03-01T00:00', 24],
    ['2027-03-14T00:00', '2027-03-15T00:00', 23],
    ['2027-11-07T00:00', '2027-11-08T00:00', 25],
  ])('from %s to %s is open for %i hours in New York', (validFrom, validTo, hours) => {
    const window = new OfferWindow({ validFrom, validTo });
    const start = window.opensMs;
    const open = Array.from({ length: 24 * 5 }, (_, hour) => start + hour * 3_600_000).filter(
      (ms) => window.at(ms, NEW_YORK) === 'open',
    );
    expect(open).toHaveLength(hours);
  });

  it('opens once and closes once, whatever clocks do meanwhile', () => {
    const minutes = fc.integer({ min: 0, max: 60 * 24 * 400 });
    const zones = fc.constantFrom(NEW_YORK, 'Europe/London', 'Australia/Lord_Howe', 'Asia/Kathmandu', 'UTC');
    fc.assert(
      fc.property(minutes, minutes, zones, (a, b, zone) => {
        fc.pre(a !== b);
        const local = (m: number) =>
          new Date(at('2027-01-01T00:00Z') + m * 60_000).toISOString().slice(0, 16);
        const window = new OfferWindow({ validFrom: local(Math.min(a, b)), validTo: local(Math.max(a, b)) });
        const states = Array.from({ length: 500 }, (_, i) =>
          window.at(window.opensMs + ((window.closesMs - window.opensMs) * i) / 500, zone),
        );
        const turns = states.filter((state, i) => i > 0 && state !== states[i - 1]);
        expect(turns.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 50 },
    );
  });
});

describe('a window of instants', () => {
  const window = new OfferWindow({ validFrom: '2027-01-01T00:00:00Z', validTo: '2027-02-01T00:00:00Z' });

  it.each([
    ['2026-12-31T23:59:59.999Z', 'closed'],
    ['2027-01-01T00:00:00Z', 'open'],
    ['2027-01-31T23:59:59.999Z', 'open'],
    ['2027-02-01T00:00:00Z', 'closed'],
  ])('needs no time zone: at %s it is %s', (utc, state) => {
    expect(window.at(at(utc))).toBe(state);
    expect(window.at(at(utc), LOS_ANGELES)).toBe(state);
    expect(window.somewhereAt(at(utc))).toBe(state === 'open');
  });
});

describe('hours', () => {
  const happyHours = new OfferWindow({
    validFrom: '2027-01-01T00:00:00Z',
    validTo: '2028-01-01T00:00:00Z',
    hours: [
      { days: ['monday', 'tuesday'], from: '14:00', to: '16:00' },
      { days: ['friday', 'sunday'], from: '22:00', to: '02:00' },
    ],
  });

  it.each([
    ['2027-03-01T18:59:00Z', 'closed', 'Monday 13:59'],
    ['2027-03-01T19:00:00Z', 'open', 'Monday 14:00'],
    ['2027-03-01T20:59:00Z', 'open', 'Monday 15:59'],
    ['2027-03-01T21:00:00Z', 'closed', 'Monday 16:00'],
    ['2027-03-03T19:00:00Z', 'closed', 'Wednesday 14:00'],
    ['2027-03-06T03:00:00Z', 'open', 'Friday 22:00'],
    ['2027-03-06T06:59:00Z', 'open', 'Saturday 01:59, the night of Friday'],
    ['2027-03-06T07:00:00Z', 'closed', 'Saturday 02:00'],
    ['2027-03-07T03:00:00Z', 'closed', 'Saturday 22:00'],
    ['2027-03-15T05:30:00Z', 'open', 'Monday 01:30, the night of Sunday in summer time'],
    ['2027-11-07T05:30:00Z', 'closed', 'Sunday 01:30, shown for the first time'],
  ])('at %s are %s in New York: %s', (utc, state) => {
    expect(happyHours.at(at(utc), NEW_YORK)).toBe(state);
  });

  it('need the clock of the store', () => {
    expect(happyHours.at(at('2027-03-01T19:00:00Z'))).toBe('time-zone-unknown');
    expect(happyHours.at(at('2027-03-01T19:00:00Z'), LOS_ANGELES)).toBe('closed');
  });

  it('may be the whole day', () => {
    const mondays = new OfferWindow({
      validFrom: '2027-01-01T00:00',
      validTo: '2028-01-01T00:00',
      hours: [{ days: ['monday'], from: '00:00', to: '24:00' }],
    });
    expect(mondays.at(at('2027-03-01T05:00:00Z'), NEW_YORK)).toBe('open');
    expect(mondays.at(at('2027-03-02T04:59:00Z'), NEW_YORK)).toBe('open');
    expect(mondays.at(at('2027-03-02T05:00:00Z'), NEW_YORK)).toBe('closed');
  });
});
