import { z } from 'zod';
import { event } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

export const SettlementCapturedV1 = event({
  service: 'settlement-relay',
  fact: 'settlement-captured',
  version: 1,
  consumers: ['analytics'],
  summary: 'The card network took the granted amount.',
  payload: z.object({
    settlementId: Id,
    authorizationId: Id,
    relay: Name,
    currency: Currency,
    amount: MinorAmount,
    capturedAt: Timestamp,
  }),
});
export type SettlementCapturedV1 = z.output<typeof SettlementCapturedV1.payload>;
