import { Temporal } from 'temporal-polyfill';

/**
 * The instant at which a store's clock shows a local date and time, in milliseconds since the epoch. Of a time that the
 * clock shows twice the first; a time that it skips is taken as much later as the clock is put forward (RFC 5545).
 *
 * @throws RangeError if `timeZone` is no IANA time zone
 */
export function instantAt(local: string, timeZone: string): number {
  return Temporal.PlainDateTime.from(local).toZonedDateTime(timeZone, { disambiguation: 'compatible' })
    .epochMilliseconds;
}

/** What a store's clock shows. */
export interface ClockReading {
  /** 1 is Monday, 7 is Sunday. */
  weekday: number;
  /** Since the hands stood at midnight, so 0..1439 on every day, however long it is. */
  minute: number;
}

/** @throws RangeError as {@link instantAt} */
export function readClock(atMs: number, timeZone: string): ClockReading {
  const { dayOfWeek, hour, minute } =
    Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return { weekday: dayOfWeek, minute: hour * 60 + minute };
}
