/** What each side remembers of settlements once everything has come to rest. Amounts in minor units. */
export interface Facts {
  tills: readonly TillFact[];
  journal: readonly JournalFact[];
  network: readonly NetworkFact[];
  registry: readonly RegistryFact[];
  analytics: readonly AnalyticsFact[];
  /** Settlements of scanned bar codes, which no card pays. */
  scans: readonly ScanFact[];
  rollUps: RollUpFact;
  streams: readonly StreamFact[];
  /** Of every offer that has one. */
  limits: readonly LimitFact[];
  /** Events that a consumer gave up. */
  deadLetters: bigint;
}

/** What the till was told; absent for attempts that ended without an answer. */
export interface TillFact {
  settlementId: string;
  outcome: 'approved' | 'declined';
  amount: bigint;
  discount: bigint;
  credit: bigint;
}

export interface JournalFact {
  settlementId: string;
  /** The settlement whose amount due this one pays. */
  continues?: string;
  state: 'started' | 'granted' | 'cancelled' | 'abandoned';
  confirmed: boolean;
  /** Full price; absent when the attempt was ended before it was seen. */
  price?: bigint;
  /** Granted; absent when nothing was. */
  amount?: bigint;
  coupons: readonly CouponFact[];
  /** What is captured on the card, or is to be: less than was granted after a partial approval. */
  cardAmount: bigint;
  refunds: readonly RefundFact[];
  /** A cancel left its coupons used up, by policy. */
  keepsCoupons: boolean;
  authorizations: readonly { authorizationId: string; state: string }[];
}

export interface RefundFact {
  /** Of a cancel it is the settlement's own. */
  refundId: string;
  state: 'due' | 'done' | 'not-needed' | 'listed';
  amount: bigint;
  cardAmount: bigint;
  /** Given back with it. */
  couponIds: readonly string[];
  /** Coupons whose discount it gives, and no goods back. */
  credits: readonly string[];
}

export interface CouponFact {
  couponId: string;
  discount: bigint;
  /** Absent: the till took it off. */
  credit?: 'owed' | 'paid';
}

/** One authorization in the card network's memory. */
export interface NetworkFact {
  settlementId: string;
  authorizationId: string;
  state: 'held' | 'declined' | 'reversed' | 'captured';
  authorized: bigint;
  held: bigint;
  captured: bigint;
  refunded: bigint;
}

/** One settlement in the registry: its coupons, each in its state. */
export interface RegistryFact {
  settlementId: string;
  state: string;
  /** The registry still waits for the settlement's end. */
  open: boolean;
  reservations: readonly (CouponFact & { state: 'reserved' | 'consumed' | 'released' | 'rolled-back' })[];
}

/** One settlement in the usage facts; coupons are those used and not given back. */
export interface AnalyticsFact {
  settlementId: string;
  state: 'granted' | 'abandoned' | 'rolled-back' | 'grant-awaited';
  amount: bigint;
  discount: bigint;
  captured: bigint;
  coupons: readonly CouponFact[];
}

export interface ScanFact {
  settlementId: string;
  state: 'asked' | 'refused' | 'held' | 'granted' | 'abandoned' | 'rolled-back';
  /** It was found worth; whatever became of it since. */
  coupons: readonly CouponFact[];
}

/** One limit in total of an offer: its uses, or its budget in minor units. */
export interface LimitFact {
  offerId: string;
  kind: string;
  limit: bigint;
  /** In its escrow slots. */
  remaining: bigint;
  /** By reservations that count. */
  used: bigint;
}

/** The daily roll-ups of analytics, summed over all days, without what was given back. */
export interface RollUpFact {
  settlements: bigint;
  amount: bigint;
  discount: bigint;
  coupons: bigint;
}

/** The events of one service. */
interface StreamFact {
  name: string;
  /** In its outbox. */
  appended: bigint;
  /** In its stream. */
  stored: bigint;
}
