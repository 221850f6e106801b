import { z } from 'zod';
import { request } from '../contract.ts';
import { Id, Timestamp } from '../values.ts';
import { CodeRefusal, TypedCode } from './codes.ts';

/** A code is claimed once and for ever; the claim of an answer that was lost is repeated with the same claimId. */
export const ClaimCodeV1 = request({
  service: 'issuance',
  verb: 'claim-code',
  version: 1,
  callers: ['medium-registry'],
  summary: 'Claim a code of a live offer for one acquisition. The same claim again gets the same answer.',
  request: z.object({
    claimId: Id.describe('The acquisitionId.'),
    code: TypedCode,
    at: Timestamp.describe('acquiredAt.'),
  }),
  reply: z.discriminatedUnion('outcome', [
    z.object({ outcome: z.literal('claimed'), offerId: Id }),
    z.object({ outcome: z.literal('refused'), reason: CodeRefusal }),
  ]),
});
