import type {
  BasketLine,
  Capabilities,
  FollowUpOutcome,
  SettleRequest,
  TokenizedMedium,
} from '@couplet/contracts';
import type { Failpoint } from '../failpoints.ts';
import type { Announcement } from './announcement.ts';
import type { Change } from './decide.ts';
import type { CardAnswer, CouponAnswer } from './next-step.ts';
import type { LateCoupons, LateDeps } from './late-coupon.ts';
import type { CouponReturn } from './refund.ts';
import type { Settlement } from './settlement.ts';

/** A request after its card number was put out of sight. */
export interface SettleCommand {
  readonly relay: string;
  readonly request: Omit<SettleRequest, 'payment' | 'media'>;
  /** Passed to the card network unread. */
  readonly payment?: OpaquePayment;
  readonly media: readonly TokenizedMedium[];
  /** Keyed hash of the whole request. */
  readonly fingerprint: string;
  readonly traceparent?: string;
}

/** The card that pays. Nothing here looks inside. */
interface OpaquePayment {
  readonly kind: 'credit-card' | 'debit-card';
}

/** What the main job needs from outside. */
export interface SettleDeps extends DecideDeps {
  readonly network: CardNetwork;
  readonly registry: CouponRegistry;
  readonly newId: () => string;
  readonly limits: Limits;
  readonly lateCoupons: LateCoupons;
  readonly credits: LateDeps['credits'];
  readonly sales: Sales;
  /** Goes on after the reply; what fails there is logged. */
  readonly afterwards: (work: Promise<void>) => void;
}

export interface DecideDeps {
  readonly journal: Journal;
  /** What a refund, or a cancel after the confirm, does with the coupons. */
  readonly couponReturn: CouponReturn;
  readonly clock: Clock;
  /** Names the step for crash tests. */
  readonly reached: (failpoint: Failpoint) => void;
}

export interface Clock {
  now(): Date;
  /** Resolves at that time, at once when it is past. */
  until(time: Date): Promise<void>;
}

/** Each apart from the next by more than the clock skew; the configuration refuses other orders. */
export interface Limits {
  readonly searchDeadlineMs: number;
  readonly attemptDeadlineMs: number;
  readonly reservationDeadlineMs: number;
  readonly confirmDeadlineMs: number;
  readonly clockSkewMs: number;
  /** How long the first authorize is held back for its coupons (S4); 0: both leave at once. */
  readonly earlySwapMs: number;
  /** How long the reply of a granted settlement waits until the hold is down to the granted amount. */
  readonly awaitAdjustMs: number;
}

export type SettlementKey =
  | { readonly settlementId: string }
  | { readonly relay: string; readonly attemptId: string }
  /** `relay` is absent for a person, who sees them all. */
  | { readonly relay?: string; readonly authorizationId: string };

/** The truth. Every write is one commit, and only of what nobody else has decided. */
export interface Journal {
  /** @returns false if this attempt of this relay is already known, or what it continues is continued: nothing was written */
  begin(
    settlement: Settlement,
    announcements?: readonly Announcement[],
    traceparent?: string,
  ): Promise<boolean>;
  /**
   * @param pace `unhurried` when nobody waits for it
   * @returns false if the settlement is no longer as it was before: nothing was written
   */
  commit(before: Settlement, change: Change, traceparent?: string, pace?: Pace): Promise<boolean>;
  find(key: SettlementKey): Promise<Settlement | undefined>;
}

export type Pace = 'at-once' | 'unhurried';

/** Sales that several attempts paid, each continuing the one before. */
export interface Sales {
  /** @returns the attempt that pays, or may yet pay, what this one left due */
  continuation(settlementId: string): Promise<Settlement | undefined>;
  /**
   * All in one commit.
   *
   * @param changes of a sale's attempts, in their order
   * @returns false if one is no longer as it was before, or the last is continued by now: nothing was written
   */
  commitAll(changes: readonly SaleChange[]): Promise<boolean>;
}

export interface SaleChange {
  readonly before: Settlement;
  readonly change: Change;
}

/** Never rejects: not knowing is an answer too. */
export interface CardNetwork {
  authorize(authorization: AuthorizeCommand): Promise<CardAnswer>;
  reverse(reversal: ReverseCommand): Promise<FollowUpOutcome | 'no-answer'>;
  capabilities(relay: string): Promise<Capabilities>;
}

export interface ReverseCommand {
  readonly relay: string;
  /** The idempotency key. */
  readonly requestId: string;
  readonly authorizationId: string;
  readonly settlementId: string;
  /** From then on the answer can change nothing. */
  readonly usefulUntil: Date;
}

export interface AuthorizeCommand {
  readonly relay: string;
  readonly authorizationId: string;
  readonly settlementId: string;
  readonly storeId: string;
  readonly terminalId: string;
  readonly payment: OpaquePayment;
  readonly amount: bigint;
  readonly currency: string;
  readonly presentedAt: Date;
  readonly expiresAt: Date;
  readonly traceparent?: string;
}

/** Never rejects: a search that fails does not fail the sale. */
export interface CouponRegistry {
  reserve(search: ReserveCommand): Promise<CouponAnswer>;
}

export interface ReserveCommand {
  readonly settlementId: string;
  readonly media: readonly TokenizedMedium[];
  readonly purpose: string;
  readonly storeId: string;
  readonly presentedAt: Date;
  readonly resolveAt: Date;
  readonly currency: string;
  readonly amount: bigint;
  readonly lines: readonly BasketLine[];
  /** A card pays that can be paid back. */
  readonly canCredit: boolean;
  /** From then on the answer can change nothing. */
  readonly usefulUntil: Date;
  readonly traceparent?: string;
}
