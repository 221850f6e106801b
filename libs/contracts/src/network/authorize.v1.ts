import { z } from 'zod';
import { network } from '../contract.ts';
import { Payment } from '../settlement-relay/settle.v1.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

/** The relay answers the same id the same way, and refuses an id that it has already reversed or that has expired. */
export const AuthorizeV1 = network({
  verb: 'authorize',
  version: 1,
  summary: 'Ask the card network to hold an amount on a card.',
  request: z.object({
    authorizationId: Id.describe('The idempotency key.'),
    settlementId: Id,
    storeId: Name,
    terminalId: Name,
    payment: Payment,
    amount: MinorAmount,
    currency: Currency,
    presentedAt: Timestamp,
    expiresAt: Timestamp.describe('After this the relay must decline it: settlement-relay has given it up.'),
  }),
  reply: z.object({
    outcome: z.enum(['approved', 'declined', 'pending']),
    approvalCode: z.string().max(32).optional().describe('With approved.'),
    networkReference: z.string().max(64).optional().describe('With approved.'),
    approvedAmount: MinorAmount.optional().describe(
      'With approved: less than asked after a partial approval.',
    ),
    standIn: z.boolean().optional().describe('With approved: by the network, for an absent issuer (STIP).'),
    reason: z
      .string()
      .max(64)
      .optional()
      .describe('With declined: `insufficient-funds`, `expired`, `reversed`, `do-not-honour`, …'),
  }),
});
