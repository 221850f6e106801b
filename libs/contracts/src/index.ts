export {
  type Caller,
  type Contract,
  type EventContract,
  type NetworkContract,
  type Principal,
  type Program,
  PROGRAMS,
  type RequestContract,
  type Service,
  SERVICES,
  contractName,
  event,
  isPrincipal,
  mayCall,
  network,
  networkSubject,
  request,
  requestSubject,
} from './contract.ts';
export { Problem, type ProblemCode, ProblemError, PROBLEMS, problemOf } from './problem.ts';
export { compiled, wireOf } from './wire.ts';
export { OfferConditions, WEEKDAYS } from './offer-conditions.ts';
export { OfferTerms } from './offer-terms.ts';
export { AppliedCoupon } from './applied-coupon.ts';
export { Benefit } from './benefit.ts';
export {
  BasisPoints,
  BasketLine,
  Currency,
  FundingShare,
  Id,
  MediumKind,
  MediumToken,
  MEDIUM_KINDS,
  MinorAmount,
  Name,
  PresentedMedium,
  Purpose,
  Quantity,
  Timestamp,
  TokenizedMedium,
} from './values.ts';
export { AmountRequest, FollowUpReply, type FollowUpOutcome, FollowUpRequest } from './network/follow-up.ts';
export { CONTRACTS } from './contracts.ts';
export {
  DEAD_LETTER_STREAM,
  DEAD_LETTER_SUBJECTS,
  EVENT_CONSUMERS,
  EVENT_STREAMS,
  type EventConsumer,
  type EventStream,
  deadLetterSubject,
  eventStreamName,
} from './event-streams.ts';
export {
  inboxPrefix,
  type NatsPermissions,
  permissionsFor,
  RELAY_OF_SERVICE,
  serverPermissions,
} from './permissions.ts';
export { CreditsOwedV1 } from './analytics/credits-owed.v1.ts';
export { DailyUsageV1 } from './analytics/daily-usage.v1.ts';
export { DiscountByPartyV1 } from './analytics/discount-by-party.v1.ts';
export { CodeCoupon, CodeMode, IssuedCode } from './barcode/issued-code.ts';
export { ScannedCode, ScanReason } from './barcode/scan-reason.ts';
export { SYMBOLOGIES, SymbolImage, Symbology, SymbolRequest } from './barcode/symbol.ts';
export { ConfirmScanV1 } from './barcode/confirm-scan.v1.ts';
export { EligibleProductsV1 } from './barcode/eligible-products.v1.ts';
export { IssueCodeV1 } from './barcode/issue-code.v1.ts';
export { PrintCouponV1 } from './barcode/print-coupon.v1.ts';
export { ResolveScanV1 } from './barcode/resolve-scan.v1.ts';
export { RevokeCodeV1 } from './barcode/revoke-code.v1.ts';
export { ScanAbandonedV1 } from './barcode/scan-abandoned.v1.ts';
export { JudgedLine, ScanCodeV1, ScanLine, ScanReply, ScanRequest } from './barcode/scan-code.v1.ts';
export { ScanGrantedV1 } from './barcode/scan-granted.v1.ts';
export { ScanRolledBackV1 } from './barcode/scan-rolled-back.v1.ts';
export { ScanStatusV1 } from './barcode/scan-status.v1.ts';
export { ShowCodeV1 } from './barcode/show-code.v1.ts';
export { UploadScansV1 } from './barcode/upload-scans.v1.ts';
export { VoidScanV1 } from './barcode/void-scan.v1.ts';
export { OfferBody } from './issuance/offer-body.ts';
export { OFFER_STATES, OfferPhase, OfferState } from './issuance/offer-state.ts';
export { CODE_ALPHABETS, type CodeAlphabet, CodeBatch, TypedCode } from './issuance/codes.ts';
export { TimeZone } from './issuance/time-zone.ts';
export { ApproveOffersV1 } from './issuance/approve-offers.v1.ts';
export { CampaignCreatedV1 } from './issuance/campaign-created.v1.ts';
export { CreateCampaignsV1 } from './issuance/create-campaigns.v1.ts';
export { DraftFromCouponsV1 } from './issuance/draft-from-coupons.v1.ts';
export { DraftOffersV1 } from './issuance/draft-offers.v1.ts';
export { ImportProductsV1 } from './issuance/import-products.v1.ts';
export { OfferApprovedV1 } from './issuance/offer-approved.v1.ts';
export { RegisterFundingPartiesV1 } from './issuance/register-funding-parties.v1.ts';
export { SubmitOffersV1 } from './issuance/submit-offers.v1.ts';
export { CodeBatchStatusV1 } from './issuance/code-batch-status.v1.ts';
export { ClaimCodeV1 } from './issuance/claim-code.v1.ts';
export { EndOffersV1 } from './issuance/end-offers.v1.ts';
export { ExportCodesV1 } from './issuance/export-codes.v1.ts';
export { GenerateCodesV1 } from './issuance/generate-codes.v1.ts';
export { ImportCodesV1 } from './issuance/import-codes.v1.ts';
export { ListOffersV1 } from './issuance/list-offers.v1.ts';
export { OfferEndedV1 } from './issuance/offer-ended.v1.ts';
export { OfferPausedV1 } from './issuance/offer-paused.v1.ts';
export { OfferResumedV1 } from './issuance/offer-resumed.v1.ts';
export { PauseOffersV1 } from './issuance/pause-offers.v1.ts';
export { OfferPreview, PreviewOffersV1 } from './issuance/preview-offers.v1.ts';
export { ReadAuditV1 } from './issuance/read-audit.v1.ts';
export { ReadOfferV1 } from './issuance/read-offer.v1.ts';
export { RegisterStoresV1 } from './issuance/register-stores.v1.ts';
export { ResumeOffersV1 } from './issuance/resume-offers.v1.ts';
export { ReturnOffersV1 } from './issuance/return-offers.v1.ts';
export { ReviseOffersV1 } from './issuance/revise-offers.v1.ts';
export { WriteCouponCodeV1 } from './issuance/write-coupon-code.v1.ts';
export { StoresRegisteredV1 } from './issuance/stores-registered.v1.ts';
export { AcquisitionChannel, AcquireCouponsV1 } from './medium-registry/acquire-coupons.v1.ts';
export { ChangeAttributesV1 } from './medium-registry/change-attributes.v1.ts';
export { CouponConsumedV1 } from './medium-registry/coupon-consumed.v1.ts';
export { CouponRolledBackV1 } from './medium-registry/coupon-rolled-back.v1.ts';
export { CouponsAcquiredV1 } from './medium-registry/coupons-acquired.v1.ts';
export { CouponsSearchedV1 } from './medium-registry/coupons-searched.v1.ts';
export { DescribeOfferV1 } from './medium-registry/describe-offer.v1.ts';
export { FindHeldCouponsV1 } from './medium-registry/find-held-coupons.v1.ts';
export { RegisterHoldersV1 } from './medium-registry/register-holders.v1.ts';
export { ReserveCouponsV1 } from './medium-registry/reserve-coupons.v1.ts';
export { ScanOfUse, UseCouponsV1 } from './medium-registry/use-coupons.v1.ts';
export { SearchCouponsV1 } from './medium-registry/search-coupons.v1.ts';
export { AcquireByCodeV1 } from './medium-registry/acquire-by-code.v1.ts';
export { RecallV1 } from './network-simulator/recall.v1.ts';
export { FaultAction, ScriptV1 } from './network-simulator/script.v1.ts';
export { AdjustV1 } from './network/adjust.v1.ts';
export { AuthorizeV1 } from './network/authorize.v1.ts';
export { Capabilities, CapabilitiesV1 } from './network/capabilities.v1.ts';
export { CaptureV1 } from './network/capture.v1.ts';
export { InspectV1 } from './network/inspect.v1.ts';
export { RefundV1 } from './network/refund.v1.ts';
export { ReverseV1 } from './network/reverse.v1.ts';
export { Advice, AdviseV1 } from './settlement-relay/advise.v1.ts';
export { CancelV1 } from './settlement-relay/cancel.v1.ts';
export { CloseCaseV1 } from './settlement-relay/close-case.v1.ts';
export { ConfirmV1 } from './settlement-relay/confirm.v1.ts';
export { EndOfDayV1 } from './settlement-relay/end-of-day.v1.ts';
export { ListCasesV1 } from './settlement-relay/list-cases.v1.ts';
export { RefundSaleV1 } from './settlement-relay/refund-sale.v1.ts';
export { ResolveV1 } from './settlement-relay/resolve.v1.ts';
export {
  Payment,
  CouponSearch,
  Strategy,
  SettleReply,
  SettleRequest,
  SettleV1,
} from './settlement-relay/settle.v1.ts';
export { SettlementAbandonedV1 } from './settlement-relay/settlement-abandoned.v1.ts';
export { SettlementCapturedV1 } from './settlement-relay/settlement-captured.v1.ts';
export { SettlementCreditedV1 } from './settlement-relay/settlement-credited.v1.ts';
export { SettlementGrantedV1 } from './settlement-relay/settlement-granted.v1.ts';
export { SettlementRefundedV1 } from './settlement-relay/settlement-refunded.v1.ts';
export { SettlementRolledBackV1 } from './settlement-relay/settlement-rolled-back.v1.ts';
export { StatusV1 } from './settlement-relay/status.v1.ts';
export { VoidV1 } from './settlement-relay/void.v1.ts';
export {
  CLIENT_KEY,
  CLIENT_SCOPES,
  type ClientKey,
  type ClientScope,
  fieldsFromElsewhere,
  type HttpAccess,
  type HttpRoute,
  type Identity,
  needsKey,
  pathParameters,
} from './http/http-route.ts';
export { HTTP_ROUTES } from './http/http-routes.ts';
export {
  HTTP_PROBLEMS,
  type HttpProblem,
  HttpProblemError,
  httpProblemOf,
  type HttpProblemCode,
} from './http/http-problem.ts';
export {
  SESSION_COOKIE,
  SessionReply,
  SessionRequest,
  SignInCodeReply,
  SignInCodeRequest,
  TokenReply,
  TokenRequest,
} from './http/own-operations.ts';
export { openApi } from './export/openapi.ts';
