import {
  CampaignCreatedV1,
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  type EventContract,
  OfferApprovedV1,
  ScanGrantedV1,
  ScanRolledBackV1,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';

/**
 * One statement per kind of event. `$1` is a JSON array of payloads as they are on the wire; of two payloads about the
 * same fact one wins, because a statement may not write a row twice.
 */
export const FACT_STATEMENTS: ReadonlyMap<EventContract, string> = new Map<EventContract, string>([
  [
    CouponsSearchedV1,
    `INSERT INTO search_fact
       (search_id, settlement_id, holder_ids, store_id, purpose, presented_at, result, offer_ids)
     SELECT "searchId", "settlementId", "holderIds", "storeId", purpose, "presentedAt", result, "offerIds"
     FROM jsonb_to_recordset($1) AS e ("searchId" uuid, "settlementId" uuid, "holderIds" uuid[], "storeId" text,
       purpose text, "presentedAt" timestamptz, result text, "offerIds" uuid[])
     ON CONFLICT (search_id) DO NOTHING`,
  ],
  [
    CouponsAcquiredV1,
    `INSERT INTO acquisition_fact (acquisition_id, coupon_id, offer_id, holder_id, channel, acquired_at)
     SELECT "acquisitionId", "couponId", "offerId", "holderId", channel, "acquiredAt"
     FROM jsonb_to_recordset($1) AS e ("acquisitionId" uuid, "holderId" uuid, channel text, "acquiredAt" timestamptz,
       coupons jsonb),
       jsonb_to_recordset(e.coupons) AS c ("couponId" uuid, "offerId" uuid)
     ON CONFLICT (acquisition_id, coupon_id) DO NOTHING`,
  ],
  [
    SettlementGrantedV1,
    `INSERT INTO settlement_fact AS fact
       (settlement_id, attempt_id, relay, store_id, terminal_id, purpose, presented_at, currency, original_amount,
        discount, amount, credit, strategy, coupon_search, lines, granted_at)
     SELECT DISTINCT ON ("settlementId") "settlementId", "attemptId", relay, "storeId", "terminalId", purpose,
       "presentedAt", currency, "originalAmount", discount, amount, coalesce(credit, 0), strategy, "couponSearch", lines, "grantedAt"
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, "attemptId" uuid, relay text, "storeId" text,
       "terminalId" text, purpose text, "presentedAt" timestamptz, currency text, "originalAmount" int8, discount int8,
       amount int8, credit int8, strategy text, "couponSearch" text, lines jsonb, "grantedAt" timestamptz)
     ON CONFLICT (settlement_id) DO UPDATE SET
       (attempt_id, store_id, terminal_id, purpose, presented_at, currency, original_amount, discount, amount, credit,
        strategy, coupon_search, lines, granted_at) =
       (EXCLUDED.attempt_id, EXCLUDED.store_id, EXCLUDED.terminal_id, EXCLUDED.purpose, EXCLUDED.presented_at,
        EXCLUDED.currency, EXCLUDED.original_amount, EXCLUDED.discount, EXCLUDED.amount, EXCLUDED.credit,
        EXCLUDED.strategy, EXCLUDED.coupon_search, EXCLUDED.lines, EXCLUDED.granted_at)`,
  ],
  [
    SettlementAbandonedV1,
    `INSERT INTO settlement_fact AS fact (settlement_id, relay, store_id, presented_at, abandoned_at, abandon_reason)
     SELECT DISTINCT ON ("settlementId") "settlementId", relay, "storeId", "presentedAt", "abandonedAt", reason
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, relay text, "storeId" text, "presentedAt" timestamptz,
       "abandonedAt" timestamptz, reason text)
     ON CONFLICT (settlement_id) DO UPDATE SET
       store_id = coalesce(fact.store_id, EXCLUDED.store_id),
       presented_at = coalesce(fact.presented_at, EXCLUDED.presented_at),
       abandoned_at = EXCLUDED.abandoned_at, abandon_reason = EXCLUDED.abandon_reason`,
  ],
  [
    SettlementRolledBackV1,
    `INSERT INTO settlement_fact AS fact (settlement_id, relay, rolled_back_at, roll_back_reason)
     SELECT DISTINCT ON ("settlementId") "settlementId", relay, "rolledBackAt", reason
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, relay text, "rolledBackAt" timestamptz, reason text)
     ON CONFLICT (settlement_id) DO UPDATE SET
       rolled_back_at = EXCLUDED.rolled_back_at, roll_back_reason = EXCLUDED.roll_back_reason`,
  ],
  [
    SettlementCapturedV1,
    `INSERT INTO settlement_fact AS fact (settlement_id, relay, captured_amount, captured_at)
     SELECT "settlementId", min(relay), sum(amount), max("capturedAt")
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, relay text, amount int8, "capturedAt" timestamptz)
     GROUP BY "settlementId"
     ON CONFLICT (settlement_id) DO UPDATE SET
       captured_amount = fact.captured_amount + EXCLUDED.captured_amount,
       captured_at = greatest(fact.captured_at, EXCLUDED.captured_at)`,
  ],
  [
    SettlementCreditedV1,
    `INSERT INTO credit_fact (settlement_id, coupon_id, refund_id, credited_at)
     SELECT "settlementId", coupon_id, "refundId", "creditedAt"
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, "refundId" uuid, "couponIds" uuid[], "creditedAt" timestamptz),
       unnest(e."couponIds") AS coupon_id
     ON CONFLICT (settlement_id, coupon_id) DO NOTHING`,
  ],
  [
    ScanGrantedV1,
    `INSERT INTO scan_fact AS fact
       (settlement_id, scan_id, code_id, holder_id, store_id, terminal_id, purpose, scanned_at, currency, discount,
        credit, lines, granted_at)
     SELECT DISTINCT ON ("settlementId") "settlementId", "scanId", "codeId", "holderId", "storeId", "terminalId",
       purpose, "scannedAt", currency, discount, credit, lines, "grantedAt"
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, "scanId" uuid, "codeId" uuid, "holderId" uuid,
       "storeId" text, "terminalId" text, purpose text, "scannedAt" timestamptz, currency text, discount int8,
       credit int8, lines jsonb, "grantedAt" timestamptz)
     ON CONFLICT (settlement_id) DO UPDATE SET
       (code_id, holder_id, terminal_id, purpose, scanned_at, currency, discount, credit, lines, granted_at) =
       (EXCLUDED.code_id, EXCLUDED.holder_id, EXCLUDED.terminal_id, EXCLUDED.purpose, EXCLUDED.scanned_at,
        EXCLUDED.currency, EXCLUDED.discount, EXCLUDED.credit, EXCLUDED.lines, EXCLUDED.granted_at)`,
  ],
  [
    ScanRolledBackV1,
    `INSERT INTO scan_fact AS fact (settlement_id, scan_id, store_id, rolled_back_at)
     SELECT DISTINCT ON ("settlementId") "settlementId", "scanId", "storeId", "rolledBackAt"
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, "scanId" uuid, "storeId" text, "rolledBackAt" timestamptz)
     ON CONFLICT (settlement_id) DO UPDATE SET rolled_back_at = EXCLUDED.rolled_back_at`,
  ],
  [
    CouponConsumedV1,
    `WITH uses AS (
       SELECT DISTINCT ON ("settlementId", "couponId") *
       FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, "couponId" uuid, "offerId" uuid, "holderId" uuid,
         attributes jsonb, "storeId" text, purpose text, "presentedAt" timestamptz, currency text, discount int8,
         "settledBy" text, lines jsonb, funding jsonb, scan jsonb)
     ), scans AS (
       INSERT INTO scan_fact AS fact
         (settlement_id, scan_id, code_id, holder_id, store_id, terminal_id, purpose, scanned_at, currency, discount,
          credit, granted_at)
       SELECT DISTINCT ON ("settlementId") "settlementId", s."scanId", s."codeId", "holderId", "storeId",
         s."terminalId", purpose, "presentedAt", currency, s.discount, s.credit, s."usedAt"
       FROM uses, jsonb_to_record(uses.scan)
         AS s ("scanId" uuid, "codeId" uuid, "terminalId" text, discount int8, credit int8, "usedAt" timestamptz)
       WHERE uses.scan IS NOT NULL
       ON CONFLICT (settlement_id) DO UPDATE SET
         (code_id, holder_id, terminal_id, purpose, scanned_at, currency, discount, credit, granted_at) =
         (EXCLUDED.code_id, EXCLUDED.holder_id, EXCLUDED.terminal_id, EXCLUDED.purpose, EXCLUDED.scanned_at,
          EXCLUDED.currency, EXCLUDED.discount, EXCLUDED.credit, EXCLUDED.granted_at)
     ), lines AS (
       INSERT INTO coupon_use_line (settlement_id, coupon_id, line_id, product_id, quantity, unit, discount)
       SELECT "settlementId", "couponId", l."lineId", l."productId", l.quantity, l.unit, l.discount
       FROM uses, jsonb_to_recordset(uses.lines)
         AS l ("lineId" text, "productId" text, quantity numeric, unit text, discount int8)
       ON CONFLICT DO NOTHING
     ), funding AS (
       INSERT INTO coupon_use_funding (settlement_id, coupon_id, party, amount)
       SELECT "settlementId", "couponId", f.party, sum(f.amount)
       FROM uses, jsonb_to_recordset(uses.funding) AS f (party text, amount int8)
       GROUP BY "settlementId", "couponId", f.party
       ON CONFLICT DO NOTHING
     )
     INSERT INTO coupon_use_fact AS fact
       (settlement_id, coupon_id, offer_id, holder_id, attributes, store_id, purpose, presented_at, currency, discount,
        settled_by)
     SELECT "settlementId", "couponId", "offerId", "holderId", attributes, "storeId", purpose, "presentedAt", currency,
       discount, nullif("settledBy", 'till')
     FROM uses
     ON CONFLICT (settlement_id, coupon_id) DO UPDATE SET
       (attributes, store_id, purpose, presented_at, currency, discount, settled_by) =
       (EXCLUDED.attributes, EXCLUDED.store_id, EXCLUDED.purpose, EXCLUDED.presented_at, EXCLUDED.currency,
        EXCLUDED.discount, EXCLUDED.settled_by)`,
  ],
  [
    CouponRolledBackV1,
    `INSERT INTO coupon_use_fact AS fact (settlement_id, coupon_id, offer_id, holder_id, rolled_back_at)
     SELECT DISTINCT ON ("settlementId", "couponId")
       "settlementId", "couponId", "offerId", "holderId", "rolledBackAt"
     FROM jsonb_to_recordset($1) AS e ("settlementId" uuid, "couponId" uuid, "offerId" uuid, "holderId" uuid,
       "rolledBackAt" timestamptz)
     ON CONFLICT (settlement_id, coupon_id) DO UPDATE SET rolled_back_at = EXCLUDED.rolled_back_at`,
  ],
  [
    CampaignCreatedV1,
    `INSERT INTO campaign_fact (campaign_id, title, starts_at, ends_at)
     SELECT "campaignId", title, "startsAt", "endsAt"
     FROM jsonb_to_recordset($1) AS e ("campaignId" uuid, title text, "startsAt" timestamptz, "endsAt" timestamptz)
     ON CONFLICT (campaign_id) DO NOTHING`,
  ],
  [
    OfferApprovedV1,
    `INSERT INTO offer_fact (offer_id, campaign_id, title, terms, conditions, approved_at)
     SELECT "offerId", "campaignId", title, terms, conditions, "approvedAt"
     FROM jsonb_to_recordset($1) AS e ("offerId" uuid, "campaignId" uuid, title text, terms jsonb, conditions jsonb,
       "approvedAt" timestamptz)
     ON CONFLICT (offer_id) DO NOTHING`,
  ],
]);
