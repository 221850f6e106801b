import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, Id, MinorAmount, Name } from '../values.ts';
import { DaySpan } from './day-span.ts';

/** Seed 003, claim 82: what shoppers paid in full and are to get back, for those who pay it out and those who fund it. */
export const CreditsOwedV1 = request({
  service: 'analytics',
  verb: 'credits-owed',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Credits to holders by offer and funding party over a span of days, paid and owed, net of roll-backs.',
  request: DaySpan,
  reply: z.object({
    credits: z.array(
      z.object({
        offerId: Id,
        title: z.string().optional().describe('Of the offer; absent while analytics has not heard of it.'),
        party: Name,
        currency: Currency,
        credit: MinorAmount.describe('Promised: `paid` and `owed` together.'),
        paid: MinorAmount.describe('Given back on the card that paid the sale.'),
        owed: MinorAmount.describe(
          'Not yet given back; of scanned sales all of it, which whoever runs the scheme pays out.',
        ),
        uses: z.int(),
      }),
    ),
  }),
});
