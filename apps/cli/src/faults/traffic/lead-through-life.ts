import { randomUUID } from 'node:crypto';
import {
  AcquireByCodeV1,
  ApproveOffersV1,
  DraftOffersV1,
  GenerateCodesV1,
  ImportCodesV1,
  PauseOffersV1,
  RegisterHoldersV1,
  ResumeOffersV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import { holderIdOf, holderOf } from '../../plan/holders.ts';
import type { OfferDraft } from '../../plan/offers.ts';
import type { Operator } from '../../replay/operator.ts';

/** Every administrative step that a service can be killed at: an offer comes to life, stands still, goes on, and is acquired by code. */
export async function leadThroughLife(
  operator: Operator,
  offer: OfferDraft,
  household: string,
): Promise<void> {
  const { offerId } = offer;
  const offerIds = [offerId];
  await operator.ask(DraftOffersV1, { draftedBy: 'ann', offers: [offer] });
  await operator.ask(SubmitOffersV1, { submittedBy: 'ann', offerIds });
  await operator.ask(ApproveOffersV1, { approvedBy: 'bob', offerIds });
  await operator.ask(PauseOffersV1, { pausedBy: 'bob', reason: 'fault suite', offerIds });
  await operator.ask(ResumeOffersV1, { resumedBy: 'bob', offerIds });

  const code = `FS${randomUUID().replaceAll('-', '').slice(0, 12)}`;
  const batch = { requestedBy: 'ann', offerId };
  await operator.ask(GenerateCodesV1, {
    ...batch,
    batchId: randomUUID(),
    count: 2,
    prefix: '',
    length: 10,
    alphabet: 'crockford',
  });
  await operator.ask(ImportCodesV1, { ...batch, batchId: randomUUID(), codes: [code] });
  await operator.ask(RegisterHoldersV1, { holders: [holderOf(household)] });
  await operator.ask(AcquireByCodeV1, {
    acquisitionId: randomUUID(),
    holderId: holderIdOf(household),
    channel: 'mobile',
    acquiredAt: offer.conditions.validFrom,
    code,
  });
}
