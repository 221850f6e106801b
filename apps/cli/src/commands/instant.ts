import { InvalidArgumentError } from 'commander';

/** Reads an option that is a moment, such as 2026-11-20T08:00:00Z. */
export function instant(text: string): Date {
  const time = new Date(text);
  if (!/^\d{4}-\d\d-\d\dT.*Z$/.test(text) || Number.isNaN(time.getTime())) {
    throw new InvalidArgumentError('It must be a UTC time such as 2026-11-20T08:00:00Z.');
  }
  return time;
}
