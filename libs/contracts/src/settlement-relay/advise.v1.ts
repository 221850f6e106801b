import { z } from 'zod';
import { request } from '../contract.ts';
import { BasketLine, Currency, Id, MinorAmount, Name, Purpose, Timestamp } from '../values.ts';
import { linesSumUp } from './settle.v1.ts';

/** What a relay may learn late. It states a fact, so it can only be acknowledged. */
export const Advice = z.discriminatedUnion('kind', [
  z
    .object({ kind: z.literal('late-approval'), authorizationId: Id, amount: MinorAmount })
    .describe(
      'An approval that came after its deadline (F10). It is never used; what it may hold is reversed.',
    ),
  z
    .object({
      kind: z.literal('adjustment'),
      authorizationId: Id,
      outcome: z.enum(['done', 'refused']),
    })
    .describe('The result of an adjust that was answered pending.'),
  z
    .object({ kind: z.literal('stand-in-approval'), authorizationId: Id })
    .describe('The network approved for an absent issuer (F12): later changes go as advices.'),
  z
    .object({
      kind: z.literal('offline-approval'),
      attemptId: Id,
      authorizationId: Id.describe('By which the relay knows it from now on.'),
      storeId: Name,
      terminalId: Name,
      presentedAt: Timestamp,
      purpose: Purpose,
      currency: Currency,
      amount: MinorAmount,
      approvalCode: z.string().min(1).max(32),
      networkReference: z.string().max(64).default(''),
      lines: z.array(BasketLine).max(1_000).default([]),
    })
    .superRefine(linesSumUp)
    .describe('A sale that the terminal approved while it was offline (F13): at its full price, no coupons.'),
]);
export type Advice = z.output<typeof Advice>;

export const AdviseV1 = request({
  service: 'settlement-relay',
  verb: 'advise',
  version: 1,
  callers: ['relay'],
  summary: 'Tell what the card network or an offline terminal let the relay know late.',
  request: z.object({ adviceId: Id.describe('Chosen by the caller; the idempotency key.'), advice: Advice }),
  reply: z.object({
    adviceId: Id,
    effect: z
      .enum(['none', 'recorded', 'reversal', 'granted', 'listed'])
      .describe('listed: it contradicts what was told before, so a person looks at it.'),
  }),
});
