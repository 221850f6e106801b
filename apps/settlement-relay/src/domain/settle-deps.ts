import type { BasketLine, Capabilities, SettleRequest, TokenizedMedium } from '@couplet/contracts';
import type { Failpoint } from '../failpoints.ts';
import type { Announcement } from './announcement.ts';
import type { Change } from './decide.ts';
import type { CardAnswer, CouponAnswer } from './recombine.ts';
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
}

export interface DecideDeps {
  readonly journal: Journal;
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
}

export type SettlementKey =
  { readonly settlementId: string } | { readonly relay: string; readonly attemptId: string };

/** The truth. Every write is one commit, and only of what nobody else has decided. */
export interface Journal {
  /** @returns false if this attempt of this relay is already known: nothing was written */
  begin(
    settlement: Settlement,
    announcements?: readonly Announcement[],
    traceparent?: string,
  ): Promise<boolean>;
  /** @returns false if the settlement is no longer as it was before: nothing was written */
  commit(before: Settlement, change: Change, traceparent?: string): Promise<boolean>;
  find(key: SettlementKey): Promise<Settlement | undefined>;
}

/** Never rejects: not knowing is an answer too. */
export interface CardNetwork {
  authorize(authorization: AuthorizeCommand): Promise<CardAnswer>;
  capabilities(relay: string): Promise<Capabilities>;
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
  /** From then on the answer can change nothing. */
  readonly usefulUntil: Date;
  readonly traceparent?: string;
}
