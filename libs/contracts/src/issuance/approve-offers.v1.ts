import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { OffersActedOn } from './offer-state.ts';

export const ApproveOffersV1 = request({
  service: 'issuance',
  verb: 'approve-offers',
  version: 1,
  callers: ['operator', 'gateway'],
  summary:
    'Approve submitted offers: from then on they may be acquired, and used while their window is open. Refused as a whole when one was written or submitted by the same person (seed 000, claim 1(a)), or the budgets of a campaign would be more than it has.',
  request: z.object({ approvedBy: Name, ...OffersActedOn }),
  reply: z.object({ approved: z.int() }),
});
