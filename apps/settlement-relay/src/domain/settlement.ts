import type {
  AppliedCoupon,
  BasketLine,
  CouponSearch,
  RefundSaleV1,
  SettleRequest,
  Strategy,
} from '@couplet/contracts';
import type { z } from 'zod';
import type { AuthorizationState } from './authorization-table.ts';
import type { Phase, SettlementState } from './settlement-table.ts';

/** One attempt with its authorizations, as the journal holds it. Read whole, changed whole: `version` guards both. */
export interface Settlement {
  readonly settlementId: string;
  /** Who asked: with `attemptId` the idempotency key. */
  readonly relay: string;
  readonly attemptId: string;
  /** Keyed hash of the request; absent when a cancel, void or resolve came first. */
  readonly fingerprint?: string;
  readonly terms?: Terms;
  readonly state: SettlementState;
  /** May be captured: goods may leave. */
  readonly confirmed: boolean;
  readonly version: number;
  readonly deadlineAt: Date;
  /** Until when an on-confirm settlement waits for its `confirm`. */
  readonly confirmBy?: Date;
  readonly couponSearch?: CouponSearch;
  readonly grant?: Grant;
  readonly declineReason?: string;
  /** A1 and, after it, A2. */
  readonly authorizations: readonly Authorization[];
  /** In the order they were asked for. */
  readonly refunds: readonly Refund[];
  /** With `cancelled`: its coupons stay used up, by policy. */
  readonly keepsCoupons?: boolean;
}

/** What was asked, without what may not be kept. */
export interface Terms {
  readonly storeId: string;
  readonly terminalId: string;
  readonly presentedAt: Date;
  readonly purpose: string;
  readonly currency: string;
  /** Full price P, minor units. */
  readonly amount: bigint;
  readonly capture: SettleRequest['capture'];
  /** The settlement whose amount due this one pays by another tender. */
  readonly continues?: string;
}

/** What was promised: it never changes by itself. */
export interface Grant {
  readonly amount: bigint;
  readonly coupons: readonly AppliedCoupon[];
  readonly strategy: Strategy;
  /** Absent when no card pays. */
  readonly approval?: Approval;
  /** What can go back. */
  readonly lines: readonly SoldLine[];
}

/** Price before coupons, minor units. */
type SoldLine = Pick<BasketLine, 'lineId' | 'quantity' | 'amount'>;

export interface Approval {
  readonly approvalCode: string;
  readonly networkReference: string;
  /** The network approved for an absent issuer (F12). */
  readonly standIn?: boolean;
}

export interface Authorization {
  readonly authorizationId: string;
  /** 1 asked first; 2 the one more try, at the discounted price (S3, F6). */
  readonly ordinal: 1 | 2;
  readonly state: AuthorizationState;
  /** What the network was asked to hold; once it was approved, what it approved. */
  readonly held: bigint;
  /** What is to be captured of it. */
  readonly amount: bigint;
  /** The relay declines it from then on: no hold can begin later. */
  readonly expiresAt: Date;
  /** Why a person must look at it. */
  readonly attention?: string;
  /** With `listed`: where a retry takes it back to. */
  readonly listedFrom?: AuthorizationState;
}

export type Refund = Omit<z.output<typeof RefundSaleV1.reply>, 'attemptId'> & {
  /** The idempotency key, when it is not the `refundId`: of a part of a refund, or once a person had it asked again. */
  readonly requestId?: string | undefined;
};

export function phaseOf({ state, confirmed }: Settlement): Phase {
  return state === 'granted' && confirmed ? 'confirmed' : state;
}

/** When it ends by itself unless somebody decides, or confirms, before; undefined when nothing is left to wait for. */
export function openUntil({ state, confirmed, deadlineAt, confirmBy }: Settlement): Date | undefined {
  if (state === 'started') return deadlineAt;
  return state === 'granted' && !confirmed ? confirmBy : undefined;
}

/** The authorization that has been sent, or is about to be, and was not yet answered; the table allows one. */
export function sendingOf({ authorizations }: Settlement): Authorization | undefined {
  return authorizations.find(({ state }) => state === 'sending');
}

/** Coupons it was granted with and that no refund gave back. */
export function couponsInUse({ grant, refunds }: Settlement): string[] {
  const given = new Set(refunds.flatMap(({ couponIds }) => couponIds));
  return (grant?.coupons ?? []).map(({ couponId }) => couponId).filter((id) => !given.has(id));
}

/** What the card pays of a grant: 0 without a card, less than was granted after a partial approval. */
export const cardAmountOf = ({ authorizations }: Settlement): bigint =>
  authorizations.reduce((sum, { state, amount }) => sum + (PAYS.has(state) ? amount : 0n), 0n);

const PAYS: ReadonlySet<AuthorizationState> = new Set([
  'live',
  'shrunk',
  'kept',
  'remainder',
  'captured',
  'refunded',
  'listed',
]);

/** What is left for another tender after a partial approval (F8). */
export function amountDueOf(settlement: Settlement): bigint {
  const { grant } = settlement;
  return grant?.approval ? grant.amount - cardAmountOf(settlement) : 0n;
}

/**
 * Pays a part of a sale of which something came back, or gave a late discount: it is undone with its sale alone, or the
 * shopper would get back more than was paid.
 */
export const endsWithItsSale = ({ terms, confirmed, refunds, grant }: Settlement): boolean =>
  terms?.continues !== undefined && confirmed && (refunds.length > 0 || grant?.amount === 0n);

/** Something of what was sold came back; a credit gives back money alone. */
export const hasComeBack = ({ refunds }: Settlement): boolean =>
  refunds.some(({ lateDiscounts }) => lateDiscounts === undefined);

/** What the card network is to give back next. */
export const dueRefund = ({ refunds }: Settlement): Refund | undefined =>
  refunds.find(({ state }) => state === 'due');

/** What was, or is to be, given back on the card. */
export const refundedOnCard = ({ refunds }: Settlement): bigint =>
  refunds.reduce((sum, { state, cardAmount }) => sum + (state === 'not-needed' ? 0n : cardAmount), 0n);
