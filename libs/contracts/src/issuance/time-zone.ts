import { z } from 'zod';

/** Name of a zone in the IANA time zone database. */
export const TimeZone = z
  .string()
  .max(64)
  .refine(isKnown, 'must be an IANA time zone, such as America/New_York')
  .describe('IANA time zone, such as America/New_York.');

function isKnown(name: string): boolean {
  if (!/^(UTC|[A-Za-z]+(\/[A-Za-z0-9_+-]+)+)$/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
