import { z } from 'zod';
import { request } from '../contract.ts';
import { Currency, Id, MinorAmount, Name, Timestamp } from '../values.ts';

/** What the card network refused for good, contradicted, or has not answered six times. The last are still tried. */
export const ListCasesV1 = request({
  service: 'settlement-relay',
  verb: 'list-cases',
  version: 1,
  callers: ['operator'],
  summary: 'List what needs a person, the oldest first, with what is known of it.',
  request: z.object({
    after: Id.optional().describe('Last caseId of the page before.'),
    limit: z.int().min(1).max(200).default(50),
  }),
  reply: z.object({
    cases: z.array(
      z.object({
        caseId: Id.describe('The authorizationId.'),
        settlementId: Id,
        relay: Name,
        attemptId: Id,
        storeId: Name.optional(),
        terminalId: Name.optional(),
        currency: Currency.optional(),
        settlementState: z.string(),
        authorizationState: z.string(),
        held: MinorAmount.describe('What the network was last known to hold, or was asked to.'),
        amount: MinorAmount.describe('What is to be captured of it.'),
        attention: z.string().describe('Why it is here.'),
        tries: z.int().describe('Of the step it waits for.'),
        since: Timestamp,
        actions: z.array(z.enum(['retry', 'cancel', 'settled'])).describe('What close-case may do to it.'),
      }),
    ),
  }),
});
