import {
  AppliedCoupon,
  BasketLine,
  RefundSaleV1,
  type CouponSearch,
  type SettleRequest,
  type Strategy,
} from '@couplet/contracts';
import { z } from 'zod';
import type { AuthorizationState } from '../domain/authorization-table.ts';
import type { Authorization, Grant, Refund, Settlement, Terms } from '../domain/settlement.ts';
import type { SettlementState } from '../domain/settlement-table.ts';

/** One attempt beside one of its authorizations; a settlement without a card has one row, and nulls there. */
export interface SettlementRow {
  settlement_id: string;
  relay: string;
  attempt_id: string;
  fingerprint: string | null;
  state: SettlementState;
  confirmed: boolean;
  version: number;
  deadline_at: Date;
  confirm_by: Date | null;
  store_id: string | null;
  terminal_id: string | null;
  presented_at: Date | null;
  purpose: string | null;
  currency: string | null;
  price: bigint | null;
  capture: SettleRequest['capture'] | null;
  coupon_search: CouponSearch | null;
  granted_amount: bigint | null;
  coupons: unknown;
  lines: unknown;
  stand_in: boolean;
  continues: string | null;
  refunds: unknown;
  keeps_coupons: boolean;
  strategy: Strategy | null;
  approval_code: string | null;
  network_reference: string | null;
  decline_reason: string | null;
  authorization_id: string | null;
  ordinal: 1 | 2;
  authorization_state: AuthorizationState;
  held: bigint;
  amount: bigint;
  expires_at: Date;
  attention: string | null;
  listed_from: AuthorizationState | null;
  request_id: string;
}

const Coupons = z.array(AppliedCoupon);
const Lines = z.array(BasketLine.pick({ lineId: true, quantity: true, amount: true }));
const Refunds = z.array(
  RefundSaleV1.reply.omit({ attemptId: true }).extend({ requestId: z.string().optional() }),
);

/** @param rows of one settlement, in the order of its authorizations */
export function settlementOf(rows: readonly SettlementRow[]): Settlement | undefined {
  const [row] = rows;
  if (!row) return undefined;
  const grant = grantOf(row);
  const terms = termsOf(row);
  return {
    settlementId: row.settlement_id,
    relay: row.relay,
    attemptId: row.attempt_id,
    state: row.state,
    confirmed: row.confirmed,
    version: row.version,
    deadlineAt: row.deadline_at,
    ...(row.fingerprint !== null && { fingerprint: row.fingerprint }),
    ...(terms && { terms }),
    ...(row.confirm_by && { confirmBy: row.confirm_by }),
    ...(row.coupon_search && { couponSearch: row.coupon_search }),
    ...(grant && { grant }),
    ...(row.decline_reason !== null && { declineReason: row.decline_reason }),
    authorizations: rows.flatMap(authorizationOf),
    refunds: z.decode(Refunds, row.refunds as z.input<typeof Refunds>),
    ...(row.keeps_coupons && { keepsCoupons: true }),
  };
}

/** As they are stored. */
export const couponsWire = (coupons: Grant['coupons']): unknown => z.encode(Coupons, [...coupons]);
export const linesWire = (lines: Grant['lines']): unknown => z.encode(Lines, [...lines]);
export const refundsWire = (refunds: readonly Refund[]): unknown => z.encode(Refunds, [...refunds]);

function termsOf(row: SettlementRow): Terms | undefined {
  const { store_id, terminal_id, presented_at, purpose, currency, price, capture } = row;
  if (store_id === null || terminal_id === null || presented_at === null || purpose === null)
    return undefined;
  if (currency === null || price === null || capture === null) return undefined;
  return {
    storeId: store_id,
    terminalId: terminal_id,
    presentedAt: presented_at,
    purpose,
    currency,
    amount: price,
    capture,
    ...(row.continues !== null && { continues: row.continues }),
  };
}

function grantOf(row: SettlementRow): Grant | undefined {
  if (row.granted_amount === null) return undefined;
  const { approval_code: approvalCode, network_reference: networkReference } = row;
  return {
    amount: row.granted_amount,
    coupons: z.decode(Coupons, row.coupons as z.input<typeof Coupons>),
    strategy: row.strategy ?? 'none',
    ...(approvalCode !== null &&
      networkReference !== null && {
        approval: { approvalCode, networkReference, ...(row.stand_in && { standIn: true }) },
      }),
    lines: z.decode(Lines, row.lines as z.input<typeof Lines>),
  };
}

function authorizationOf(row: SettlementRow): Authorization[] {
  if (row.authorization_id === null) return [];
  const { ordinal, held, amount, attention, listed_from: listedFrom } = row;
  return [
    {
      authorizationId: row.authorization_id,
      ordinal,
      held,
      amount,
      state: row.authorization_state,
      expiresAt: row.expires_at,
      ...(attention !== null && { attention }),
      ...(listedFrom !== null && { listedFrom }),
    },
  ];
}
