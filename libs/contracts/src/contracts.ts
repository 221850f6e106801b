import type { Contract } from './contract.ts';
import { CreditsOwedV1 } from './analytics/credits-owed.v1.ts';
import { DailyUsageV1 } from './analytics/daily-usage.v1.ts';
import { DiscountByPartyV1 } from './analytics/discount-by-party.v1.ts';
import { ConfirmScanV1 } from './barcode/confirm-scan.v1.ts';
import { EligibleProductsV1 } from './barcode/eligible-products.v1.ts';
import { IssueCodeV1 } from './barcode/issue-code.v1.ts';
import { PrintCouponV1 } from './barcode/print-coupon.v1.ts';
import { ResolveScanV1 } from './barcode/resolve-scan.v1.ts';
import { RevokeCodeV1 } from './barcode/revoke-code.v1.ts';
import { ScanAbandonedV1 } from './barcode/scan-abandoned.v1.ts';
import { ScanCodeV1 } from './barcode/scan-code.v1.ts';
import { ScanGrantedV1 } from './barcode/scan-granted.v1.ts';
import { ScanRolledBackV1 } from './barcode/scan-rolled-back.v1.ts';
import { ScanStatusV1 } from './barcode/scan-status.v1.ts';
import { ShowCodeV1 } from './barcode/show-code.v1.ts';
import { UploadScansV1 } from './barcode/upload-scans.v1.ts';
import { VoidScanV1 } from './barcode/void-scan.v1.ts';
import { ApproveOffersV1 } from './issuance/approve-offers.v1.ts';
import { CampaignCreatedV1 } from './issuance/campaign-created.v1.ts';
import { CreateCampaignsV1 } from './issuance/create-campaigns.v1.ts';
import { DraftFromCouponsV1 } from './issuance/draft-from-coupons.v1.ts';
import { DraftOffersV1 } from './issuance/draft-offers.v1.ts';
import { ImportProductsV1 } from './issuance/import-products.v1.ts';
import { OfferApprovedV1 } from './issuance/offer-approved.v1.ts';
import { RegisterFundingPartiesV1 } from './issuance/register-funding-parties.v1.ts';
import { SubmitOffersV1 } from './issuance/submit-offers.v1.ts';
import { CodeBatchStatusV1 } from './issuance/code-batch-status.v1.ts';
import { ClaimCodeV1 } from './issuance/claim-code.v1.ts';
import { EndOffersV1 } from './issuance/end-offers.v1.ts';
import { ExportCodesV1 } from './issuance/export-codes.v1.ts';
import { GenerateCodesV1 } from './issuance/generate-codes.v1.ts';
import { ImportCodesV1 } from './issuance/import-codes.v1.ts';
import { ListOffersV1 } from './issuance/list-offers.v1.ts';
import { OfferEndedV1 } from './issuance/offer-ended.v1.ts';
import { OfferPausedV1 } from './issuance/offer-paused.v1.ts';
import { OfferResumedV1 } from './issuance/offer-resumed.v1.ts';
import { PauseOffersV1 } from './issuance/pause-offers.v1.ts';
import { PreviewOffersV1 } from './issuance/preview-offers.v1.ts';
import { ReadAuditV1 } from './issuance/read-audit.v1.ts';
import { ReadOfferV1 } from './issuance/read-offer.v1.ts';
import { RegisterStoresV1 } from './issuance/register-stores.v1.ts';
import { ResumeOffersV1 } from './issuance/resume-offers.v1.ts';
import { ReturnOffersV1 } from './issuance/return-offers.v1.ts';
import { ReviseOffersV1 } from './issuance/revise-offers.v1.ts';
import { StoresRegisteredV1 } from './issuance/stores-registered.v1.ts';
import { WriteCouponCodeV1 } from './issuance/write-coupon-code.v1.ts';
import { AcquireCouponsV1 } from './medium-registry/acquire-coupons.v1.ts';
import { ChangeAttributesV1 } from './medium-registry/change-attributes.v1.ts';
import { CouponConsumedV1 } from './medium-registry/coupon-consumed.v1.ts';
import { CouponRolledBackV1 } from './medium-registry/coupon-rolled-back.v1.ts';
import { CouponsAcquiredV1 } from './medium-registry/coupons-acquired.v1.ts';
import { CouponsSearchedV1 } from './medium-registry/coupons-searched.v1.ts';
import { DescribeOfferV1 } from './medium-registry/describe-offer.v1.ts';
import { FindHeldCouponsV1 } from './medium-registry/find-held-coupons.v1.ts';
import { RegisterHoldersV1 } from './medium-registry/register-holders.v1.ts';
import { ReserveCouponsV1 } from './medium-registry/reserve-coupons.v1.ts';
import { UseCouponsV1 } from './medium-registry/use-coupons.v1.ts';
import { SearchCouponsV1 } from './medium-registry/search-coupons.v1.ts';
import { AcquireByCodeV1 } from './medium-registry/acquire-by-code.v1.ts';
import { RecallV1 } from './network-simulator/recall.v1.ts';
import { ScriptV1 } from './network-simulator/script.v1.ts';
import { AdjustV1 } from './network/adjust.v1.ts';
import { AuthorizeV1 } from './network/authorize.v1.ts';
import { CapabilitiesV1 } from './network/capabilities.v1.ts';
import { CaptureV1 } from './network/capture.v1.ts';
import { InspectV1 } from './network/inspect.v1.ts';
import { RefundV1 } from './network/refund.v1.ts';
import { ReverseV1 } from './network/reverse.v1.ts';
import { AdviseV1 } from './settlement-relay/advise.v1.ts';
import { CloseCaseV1 } from './settlement-relay/close-case.v1.ts';
import { EndOfDayV1 } from './settlement-relay/end-of-day.v1.ts';
import { ListCasesV1 } from './settlement-relay/list-cases.v1.ts';
import { RefundSaleV1 } from './settlement-relay/refund-sale.v1.ts';
import { SettlementRefundedV1 } from './settlement-relay/settlement-refunded.v1.ts';
import { CancelV1 } from './settlement-relay/cancel.v1.ts';
import { ConfirmV1 } from './settlement-relay/confirm.v1.ts';
import { ResolveV1 } from './settlement-relay/resolve.v1.ts';
import { SettleV1 } from './settlement-relay/settle.v1.ts';
import { SettlementAbandonedV1 } from './settlement-relay/settlement-abandoned.v1.ts';
import { SettlementCapturedV1 } from './settlement-relay/settlement-captured.v1.ts';
import { SettlementCreditedV1 } from './settlement-relay/settlement-credited.v1.ts';
import { SettlementGrantedV1 } from './settlement-relay/settlement-granted.v1.ts';
import { SettlementRolledBackV1 } from './settlement-relay/settlement-rolled-back.v1.ts';
import { StatusV1 } from './settlement-relay/status.v1.ts';
import { VoidV1 } from './settlement-relay/void.v1.ts';

/** Every message there is; exports, permissions and tests walk this list. */
export const CONTRACTS: readonly Contract[] = [
  CreditsOwedV1,
  DailyUsageV1,
  DiscountByPartyV1,
  ConfirmScanV1,
  EligibleProductsV1,
  IssueCodeV1,
  PrintCouponV1,
  ResolveScanV1,
  RevokeCodeV1,
  ScanAbandonedV1,
  ScanCodeV1,
  ScanGrantedV1,
  ScanRolledBackV1,
  ScanStatusV1,
  ShowCodeV1,
  UploadScansV1,
  VoidScanV1,
  ApproveOffersV1,
  CampaignCreatedV1,
  CreateCampaignsV1,
  DraftFromCouponsV1,
  DraftOffersV1,
  ImportProductsV1,
  OfferApprovedV1,
  RegisterFundingPartiesV1,
  SubmitOffersV1,
  CodeBatchStatusV1,
  ClaimCodeV1,
  EndOffersV1,
  ExportCodesV1,
  GenerateCodesV1,
  ImportCodesV1,
  ListOffersV1,
  OfferEndedV1,
  OfferPausedV1,
  OfferResumedV1,
  PauseOffersV1,
  PreviewOffersV1,
  ReadAuditV1,
  ReadOfferV1,
  RegisterStoresV1,
  ResumeOffersV1,
  ReturnOffersV1,
  ReviseOffersV1,
  StoresRegisteredV1,
  WriteCouponCodeV1,
  AcquireCouponsV1,
  ChangeAttributesV1,
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  DescribeOfferV1,
  FindHeldCouponsV1,
  RegisterHoldersV1,
  ReserveCouponsV1,
  SearchCouponsV1,
  UseCouponsV1,
  AcquireByCodeV1,
  RecallV1,
  ScriptV1,
  AdjustV1,
  AuthorizeV1,
  CapabilitiesV1,
  CaptureV1,
  InspectV1,
  RefundV1,
  ReverseV1,
  AdviseV1,
  CancelV1,
  CloseCaseV1,
  ConfirmV1,
  EndOfDayV1,
  ListCasesV1,
  RefundSaleV1,
  ResolveV1,
  SettleV1,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRefundedV1,
  SettlementRolledBackV1,
  StatusV1,
  VoidV1,
];
