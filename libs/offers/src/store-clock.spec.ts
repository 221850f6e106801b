import { instantAt, readClock } from './store-clock.ts';

it.each([
  ['2027-03-14T01:59', '2027-03-14T06:59:00Z', 'the last minute of winter time'],
  ['2027-03-14T02:30', '2027-03-14T07:30:00Z', 'skipped by the clock: as much later, 03:30'],
  ['2027-03-14T03:00', '2027-03-14T07:00:00Z', 'the first minute of summer time'],
  ['2027-11-07T01:30', '2027-11-07T05:30:00Z', 'shown twice: the first'],
  ['2027-11-07T02:00', '2027-11-07T07:00:00Z', 'after the second'],
  ['2028-02-29T00:00', '2028-02-29T05:00:00Z', 'a leap day'],
])('%s in New York is %s: %s', (local, utc) => {
  expect(instantAt(local, 'America/New_York')).toBe(Date.parse(utc));
});

it.each([
  ['2027-03-14T06:59:00Z', 'America/New_York', { weekday: 7, minute: 119 }],
  ['2027-03-14T07:00:00Z', 'America/New_York', { weekday: 7, minute: 180 }],
  ['2027-11-07T05:30:00Z', 'America/New_York', { weekday: 7, minute: 90 }],
  ['2027-11-07T06:30:00Z', 'America/New_York', { weekday: 7, minute: 90 }],
  ['2028-02-28T23:59:59Z', 'UTC', { weekday: 1, minute: 1439 }],
  ['2028-02-29T00:00:00Z', 'UTC', { weekday: 2, minute: 0 }],
  ['2027-01-01T10:30:00Z', 'Pacific/Kiritimati', { weekday: 6, minute: 30 }],
])('at %s a clock in %s shows %j', (utc, zone, reading) => {
  expect(readClock(Date.parse(utc), zone)).toEqual(reading);
});

it('knows no zone that is none', () => {
  expect(() => readClock(0, 'Mars/Olympus')).toThrow(RangeError);
});
