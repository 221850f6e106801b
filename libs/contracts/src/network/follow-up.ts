import { z } from 'zod';
import { Currency, Id, MinorAmount } from '../values.ts';

/** What settlement-relay sends about a hold it has: each is idempotent by its own id. */
export const FollowUpRequest = z.object({
  requestId: Id.describe('The idempotency key of this request.'),
  authorizationId: Id,
  settlementId: Id,
});
export const AmountRequest = FollowUpRequest.extend({ amount: MinorAmount, currency: Currency });

export const FollowUpReply = z.object({
  outcome: z.enum(['done', 'refused', 'pending', 'unknown-authorization']),
  reason: z.string().max(64).optional(),
});
export type FollowUpOutcome = z.output<typeof FollowUpReply>['outcome'];
