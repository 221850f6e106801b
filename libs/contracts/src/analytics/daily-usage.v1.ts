import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, MinorAmount } from '../values.ts';

export const DailyUsageV1 = request({
  service: 'analytics',
  verb: 'daily-usage',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Searches, settlements and discounts by day and store purpose, from the roll-ups.',
  request: z.object({ from: z.iso.date(), to: z.iso.date().describe('Inclusive.') }),
  reply: z.object({
    days: z.array(
      z.object({
        day: z.iso.date().describe('UTC day of presentedAt.'),
        currency: Currency.optional().describe('Absent on a day of searches alone.'),
        searches: z.int(),
        searchesEmpty: z.int(),
        couponsAcquired: z.int(),
        settlements: z.int(),
        abandoned: z.int(),
        couponsConsumed: z.int(),
        couponsRolledBack: z.int(),
        originalAmount: MinorAmount,
        discount: MinorAmount,
        amount: MinorAmount,
      }),
    ),
  }),
});
