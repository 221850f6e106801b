import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, MinorAmount } from '../values.ts';
import { DaySpan } from './day-span.ts';

export const DailyUsageV1 = request({
  service: 'analytics',
  verb: 'daily-usage',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Searches, settlements and discounts by day and currency, from the roll-ups.',
  request: DaySpan,
  reply: z.object({
    days: z.array(
      z.object({
        day: z.iso.date().describe('UTC day of presentedAt.'),
        currency: Currency.optional().describe(
          'Absent on a day without settlements and scans. Searches, acquisitions and abandoned settlements have none and stand in the first row of their day.',
        ),
        searches: z.int(),
        searchesEmpty: z.int(),
        couponsAcquired: z.int(),
        settlements: z.int().describe('Granted and not rolled back; the amounts are theirs.'),
        abandoned: z.int(),
        couponsConsumed: z.int().describe('Before roll-backs.'),
        couponsRolledBack: z.int(),
        originalAmount: MinorAmount,
        discount: MinorAmount,
        amount: MinorAmount,
        scans: z
          .int()
          .describe('Sales with a scanned bar code, not rolled back; these are apart from settlements.'),
        scanDiscount: MinorAmount.describe('What tills took off in them.'),
        credit: MinorAmount.describe(
          'What shoppers paid in full, in settlements and scans, and are credited later (seed 003, claim 82).',
        ),
      }),
    ),
  }),
});
