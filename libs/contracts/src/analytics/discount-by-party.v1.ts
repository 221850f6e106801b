import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, MinorAmount, Name } from '../values.ts';
import { DaySpan } from './day-span.ts';

export const DiscountByPartyV1 = request({
  service: 'analytics',
  verb: 'discount-by-party',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Discount and credit by funding party over a span of days, net of roll-backs.',
  request: DaySpan,
  reply: z.object({
    parties: z.array(
      z.object({
        party: Name,
        currency: Currency,
        discount: MinorAmount.describe('Taken off at tills.'),
        credit: MinorAmount.describe('Paid in full at tills, and credited to holders later.'),
        uses: z.int().describe('Of both.'),
      }),
    ),
  }),
});
