import { z } from 'zod';

const DAY_MS = 86_400_000;
/** Keeps the answer within one NATS message. */
const DAYS_MAX = 1_000;

export const DaySpan = z
  .object({ from: z.iso.date(), to: z.iso.date().describe('Inclusive; at most 1000 days from `from`.') })
  .superRefine(({ from, to }, context) => {
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1 || days > DAYS_MAX) {
      context.addIssue({
        code: 'custom',
        path: ['to'],
        message: `must be on or after from, and within ${DAYS_MAX} days`,
      });
    }
  });
