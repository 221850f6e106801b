import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

/** F21: every attempt is captured once, or reversed and acknowledged, or on a list that a person sees. */
export const EndOfDayV1 = request({
  service: 'settlement-relay',
  verb: 'end-of-day',
  version: 1,
  callers: ['relay', 'operator'],
  summary: 'Close a span of time: tell how its attempts ended, and try at once whatever is still open.',
  request: z.object({
    from: Timestamp,
    to: Timestamp.describe('Not included. Attempts count by when they reached settlement-relay.'),
    relay: Name.optional().describe('An operator may name one; a relay sees its own.'),
    storeId: Name.optional(),
  }),
  reply: z.object({
    attempts: z.int(),
    ends: z
      .array(
        z.object({
          end: z.enum([
            'captured',
            'refunded',
            'no-card',
            'reversed',
            'declined',
            'never-sent',
            'ended-unseen',
            'listed',
            'open',
          ]),
          attempts: z.int(),
        }),
      )
      .describe('Every attempt counts once; closed when none is open.'),
    totals: z.array(
      z.object({
        currency: Currency,
        granted: MinorAmount,
        discount: MinorAmount,
        captured: MinorAmount,
        refunded: MinorAmount.describe('On cards.'),
        credited: MinorAmount.optional().describe('Of refunded: what coupons gave back after the sale.'),
      }),
    ),
    open: z
      .array(z.object({ attemptId: Id, settlementId: Id, storeId: Name.optional(), state: z.string() }))
      .describe('The first hundred that are not at rest: they are being tried.'),
  }),
});
