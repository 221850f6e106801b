import { CreditsOwedV1 } from '../analytics/credits-owed.v1.ts';
import { DailyUsageV1 } from '../analytics/daily-usage.v1.ts';
import { DiscountByPartyV1 } from '../analytics/discount-by-party.v1.ts';
import { ConfirmScanV1 } from '../barcode/confirm-scan.v1.ts';
import { EligibleProductsV1 } from '../barcode/eligible-products.v1.ts';
import { IssueCodeV1 } from '../barcode/issue-code.v1.ts';
import { PrintCouponV1 } from '../barcode/print-coupon.v1.ts';
import { RevokeCodeV1 } from '../barcode/revoke-code.v1.ts';
import { ScanCodeV1 } from '../barcode/scan-code.v1.ts';
import { ScanStatusV1 } from '../barcode/scan-status.v1.ts';
import { ShowCodeV1 } from '../barcode/show-code.v1.ts';
import { UploadScansV1 } from '../barcode/upload-scans.v1.ts';
import { VoidScanV1 } from '../barcode/void-scan.v1.ts';
import { ApproveOffersV1 } from '../issuance/approve-offers.v1.ts';
import { CodeBatchStatusV1 } from '../issuance/code-batch-status.v1.ts';
import { CreateCampaignsV1 } from '../issuance/create-campaigns.v1.ts';
import { DraftFromCouponsV1 } from '../issuance/draft-from-coupons.v1.ts';
import { DraftOffersV1 } from '../issuance/draft-offers.v1.ts';
import { EndOffersV1 } from '../issuance/end-offers.v1.ts';
import { ExportCodesV1 } from '../issuance/export-codes.v1.ts';
import { GenerateCodesV1 } from '../issuance/generate-codes.v1.ts';
import { ImportCodesV1 } from '../issuance/import-codes.v1.ts';
import { ImportProductsV1 } from '../issuance/import-products.v1.ts';
import { ListOffersV1 } from '../issuance/list-offers.v1.ts';
import { PauseOffersV1 } from '../issuance/pause-offers.v1.ts';
import { PreviewOffersV1 } from '../issuance/preview-offers.v1.ts';
import { ReadAuditV1 } from '../issuance/read-audit.v1.ts';
import { ReadOfferV1 } from '../issuance/read-offer.v1.ts';
import { RegisterFundingPartiesV1 } from '../issuance/register-funding-parties.v1.ts';
import { RegisterStoresV1 } from '../issuance/register-stores.v1.ts';
import { ResumeOffersV1 } from '../issuance/resume-offers.v1.ts';
import { ReturnOffersV1 } from '../issuance/return-offers.v1.ts';
import { ReviseOffersV1 } from '../issuance/revise-offers.v1.ts';
import { SubmitOffersV1 } from '../issuance/submit-offers.v1.ts';
import { WriteCouponCodeV1 } from '../issuance/write-coupon-code.v1.ts';
import { AcquireByCodeV1 } from '../medium-registry/acquire-by-code.v1.ts';
import { AcquireCouponsV1 } from '../medium-registry/acquire-coupons.v1.ts';
import { ChangeAttributesV1 } from '../medium-registry/change-attributes.v1.ts';
import { FindHeldCouponsV1 } from '../medium-registry/find-held-coupons.v1.ts';
import { RegisterHoldersV1 } from '../medium-registry/register-holders.v1.ts';
import { SearchCouponsV1 } from '../medium-registry/search-coupons.v1.ts';
import { CancelV1 } from '../settlement-relay/cancel.v1.ts';
import { ConfirmV1 } from '../settlement-relay/confirm.v1.ts';
import { RefundSaleV1 } from '../settlement-relay/refund-sale.v1.ts';
import { SettleV1 } from '../settlement-relay/settle.v1.ts';
import { StatusV1 } from '../settlement-relay/status.v1.ts';
import { VoidV1 } from '../settlement-relay/void.v1.ts';
import { httpRoute, type ClientKey } from './http-route.ts';

/** A till gives up later than the attempt does, so that it hears how the attempt ended. */
const SETTLE_TIMEOUT_MS = 20_000;
const BULK_TIMEOUT_MS = 25_000;

const settlement = (from: ClientKey['from']): ClientKey => ({ of: 'settlement', from });
const scan = (from: ClientKey['from']): ClientKey => ({ of: 'scan', from });
const ofStore = { storeId: 'storeId' } as const;
const ofHolder = { holderId: 'holderId' } as const;
const sale = { access: 'store', throughRelay: true, timeoutMs: SETTLE_TIMEOUT_MS } as const;
const till = { access: 'store', bound: ofStore } as const;
const marketing = { access: 'marketing', timeoutMs: BULK_TIMEOUT_MS } as const;

/** Of a scan or of a question about a code; of a scan that was not judged there is none. */
const wrongCode = (reply: { result: string; reason?: string } | undefined): boolean =>
  reply?.result === 'invalid' &&
  ['unknown-code', 'code-differs', 'malformed-code'].includes(reply.reason ?? '');

/** The one table of HTTP and subjects: everything about an operation that its contract does not say. */
export const HTTP_ROUTES = [
  // A sale with cards: the store's own system in the place of a terminal.
  httpRoute({
    ...sale,
    method: 'POST',
    path: '/v1/settlements',
    contract: SettleV1,
    keys: { attemptId: settlement('header'), continues: settlement('body') },
    bound: ofStore,
  }),
  httpRoute({
    ...sale,
    method: 'GET',
    path: '/v1/settlements/{key}',
    contract: StatusV1,
    keys: { attemptId: settlement('path') },
  }),
  httpRoute({
    ...sale,
    method: 'PUT',
    path: '/v1/settlements/{key}/confirmation',
    contract: ConfirmV1,
    keys: { attemptId: settlement('path') },
  }),
  httpRoute({
    ...sale,
    method: 'PUT',
    path: '/v1/settlements/{key}/void',
    contract: VoidV1,
    keys: { attemptId: settlement('path') },
  }),
  httpRoute({
    ...sale,
    method: 'PUT',
    path: '/v1/settlements/{key}/cancellation',
    contract: CancelV1,
    keys: { attemptId: settlement('path') },
  }),
  httpRoute({
    ...sale,
    method: 'POST',
    path: '/v1/settlements/{key}/refunds',
    contract: RefundSaleV1,
    keys: { attemptId: settlement('path'), refundId: { of: 'refund', from: 'header' } },
  }),
  httpRoute({
    ...till,
    method: 'POST',
    path: '/v1/coupon-searches',
    contract: SearchCouponsV1,
    keys: { searchId: { of: 'search', from: 'header' } },
  }),

  // A sale with a bar code.
  httpRoute({
    ...till,
    method: 'POST',
    path: '/v1/eligible-products',
    contract: EligibleProductsV1,
    reads: true,
    page: { field: 'after', next: (reply) => (reply.result === 'valid' ? reply.after : undefined) },
    guess: {
      codes: ({ code }) => [code],
      missed: (reply) => [wrongCode(reply)],
    },
  }),
  httpRoute({
    ...till,
    method: 'POST',
    path: '/v1/scans',
    contract: ScanCodeV1,
    keys: { scanId: scan('header') },
    guess: { codes: ({ code }) => [code], missed: (reply) => [wrongCode(reply)] },
  }),
  httpRoute({
    ...till,
    method: 'GET',
    path: '/v1/scans/{key}',
    contract: ScanStatusV1,
    keys: { scanId: scan('path') },
  }),
  httpRoute({
    ...till,
    method: 'PUT',
    path: '/v1/scans/{key}/confirmation',
    contract: ConfirmScanV1,
    keys: { scanId: scan('path') },
  }),
  httpRoute({
    ...till,
    method: 'PUT',
    path: '/v1/scans/{key}/void',
    contract: VoidScanV1,
    keys: { scanId: scan('path') },
  }),
  httpRoute({
    method: 'PUT',
    path: '/v1/scans',
    contract: UploadScansV1,
    access: 'store',
    each: { field: 'scans', keys: { scanId: scan('body') }, bound: ofStore },
    guess: {
      codes: ({ scans }) => scans.map(({ code }) => code),
      missed: ({ scans }) => scans.map(({ reply }) => wrongCode(reply)),
    },
    timeoutMs: BULK_TIMEOUT_MS,
  }),

  // A holder's own coupons and bar codes.
  httpRoute({
    method: 'POST',
    path: '/v1/me/coupons',
    contract: AcquireCouponsV1,
    access: 'holder',
    keys: { acquisitionId: { of: 'acquisition', from: 'header' } },
    bound: ofHolder,
  }),
  httpRoute({
    method: 'POST',
    path: '/v1/me/coupon-codes',
    contract: AcquireByCodeV1,
    access: 'holder',
    keys: { acquisitionId: { of: 'acquisition', from: 'header' } },
    bound: ofHolder,
    guess: { codes: ({ code }) => [code] },
  }),
  httpRoute({
    method: 'GET',
    path: '/v1/me/coupons',
    contract: FindHeldCouponsV1,
    access: 'holder',
    bound: ofHolder,
    page: { field: 'after', next: ({ after }) => after },
  }),
  httpRoute({
    method: 'POST',
    path: '/v1/me/bar-codes',
    contract: IssueCodeV1,
    access: 'holder',
    keys: { codeId: { of: 'bar-code', from: 'header' } },
    bound: ofHolder,
  }),
  httpRoute({
    method: 'POST',
    path: '/v1/me/bar-codes/{codeId}/pictures',
    contract: ShowCodeV1,
    access: 'holder',
    reads: true,
    bound: ofHolder,
  }),
  httpRoute({
    method: 'PUT',
    path: '/v1/me/bar-codes/{codeId}/revocation',
    contract: RevokeCodeV1,
    access: 'holder',
    bound: ofHolder,
  }),
  httpRoute({
    method: 'POST',
    path: '/v1/me/prints',
    contract: PrintCouponV1,
    access: 'holder',
    keys: { codeId: { of: 'bar-code', from: 'header' } },
    bound: ofHolder,
  }),
  httpRoute({
    method: 'PUT',
    path: '/v1/holders',
    contract: RegisterHoldersV1,
    access: 'enrolment',
    timeoutMs: BULK_TIMEOUT_MS,
  }),
  httpRoute({
    method: 'PUT',
    path: '/v1/holder-attributes',
    contract: ChangeAttributesV1,
    access: 'enrolment',
  }),

  // Offers and what came of them.
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/products',
    contract: ImportProductsV1,
    bound: { importedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/stores',
    contract: RegisterStoresV1,
    bound: { registeredBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/funding-parties',
    contract: RegisterFundingPartiesV1,
    bound: { registeredBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/campaigns',
    contract: CreateCampaignsV1,
    bound: { createdBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offers',
    contract: DraftOffersV1,
    bound: { draftedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'GET',
    path: '/v1/offers',
    contract: ListOffersV1,
    page: { field: 'before', next: ({ more, offers }) => (more ? offers.at(-1)?.offerId : undefined) },
  }),
  httpRoute({ ...marketing, method: 'GET', path: '/v1/offers/{offerId}', contract: ReadOfferV1 }),
  httpRoute({
    ...marketing,
    method: 'POST',
    path: '/v1/offers/{offerId}/coupon-code',
    contract: WriteCouponCodeV1,
    reads: true,
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-drafts-from-coupons',
    contract: DraftFromCouponsV1,
    bound: { draftedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-revisions',
    contract: ReviseOffersV1,
    bound: { revisedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-submissions',
    contract: SubmitOffersV1,
    bound: { submittedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-returns',
    contract: ReturnOffersV1,
    bound: { returnedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-approvals',
    contract: ApproveOffersV1,
    bound: { approvedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-pauses',
    contract: PauseOffersV1,
    bound: { pausedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-resumptions',
    contract: ResumeOffersV1,
    bound: { resumedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/offer-ends',
    contract: EndOffersV1,
    bound: { endedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'POST',
    path: '/v1/offer-previews',
    contract: PreviewOffersV1,
    reads: true,
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/code-batches/{batchId}',
    contract: GenerateCodesV1,
    bound: { requestedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'GET',
    path: '/v1/code-batches/{batchId}',
    contract: CodeBatchStatusV1,
  }),
  httpRoute({
    ...marketing,
    method: 'PUT',
    path: '/v1/code-batches/{batchId}/codes',
    contract: ImportCodesV1,
    bound: { requestedBy: 'clientId' },
  }),
  httpRoute({
    ...marketing,
    method: 'GET',
    path: '/v1/code-batches/{batchId}/codes',
    contract: ExportCodesV1,
    bound: { requestedBy: 'clientId' },
    page: { field: 'after', next: ({ more, codes }) => (more ? codes.at(-1)?.code : undefined) },
  }),
  httpRoute({
    ...marketing,
    method: 'GET',
    path: '/v1/audit',
    contract: ReadAuditV1,
    page: {
      field: 'before',
      next: ({ entries }, { limit }) => (entries.length === limit ? entries.at(-1)?.entry : undefined),
    },
  }),
  httpRoute({ ...marketing, method: 'GET', path: '/v1/reports/daily-usage', contract: DailyUsageV1 }),
  httpRoute({
    ...marketing,
    method: 'GET',
    path: '/v1/reports/discount-by-party',
    contract: DiscountByPartyV1,
  }),
  httpRoute({ ...marketing, method: 'GET', path: '/v1/reports/credits-owed', contract: CreditsOwedV1 }),
];
