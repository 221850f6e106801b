import type { AppliedCoupon, CouponSearch, SettleRequest, Strategy } from '@couplet/contracts';
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
  readonly authorizations: readonly Authorization[];
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
}

/** What was promised: it never changes by itself. */
export interface Grant {
  readonly amount: bigint;
  readonly coupons: readonly AppliedCoupon[];
  readonly strategy: Strategy;
  /** Absent when no card pays. */
  readonly approval?: Approval;
}

export interface Approval {
  readonly approvalCode: string;
  readonly networkReference: string;
}

export interface Authorization {
  readonly authorizationId: string;
  /** 1 at the full price; 2 the one more try at the discounted price (F6). */
  readonly ordinal: 1 | 2;
  readonly state: AuthorizationState;
  /** What the network was asked to hold. */
  readonly held: bigint;
  /** What is to be captured of it. */
  readonly amount: bigint;
  /** The relay declines it from then on: no hold can begin later. */
  readonly expiresAt: Date;
  /** Why a person must look at it. */
  readonly attention?: string;
}

export function phaseOf({ state, confirmed }: Settlement): Phase {
  return state === 'granted' && confirmed ? 'confirmed' : state;
}

/** The authorization that has been sent and not yet answered for; the table allows one. */
export function sendingOf({ authorizations }: Settlement): Authorization | undefined {
  return authorizations.find(({ state }) => state === 'sending');
}

export const grantedCouponIds = ({ grant }: Settlement): string[] =>
  grant?.coupons.map(({ couponId }) => couponId) ?? [];

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
