export type HoldState = 'held' | 'declined' | 'reversed' | 'captured';

/** What the network remembers of one authorization. Amounts are minor units; held + captured <= authorized. */
export interface Hold {
  readonly state: HoldState;
  readonly currency: string;
  /** What was approved: fixed for ever, the answer to every repeat. */
  readonly authorized: bigint;
  readonly held: bigint;
  readonly captured: bigint;
  readonly refunded: bigint;
  /** Approved for an absent issuer: it is lowered by advice only. */
  readonly standIn: boolean;
  /** Set when a capture was refused for good: every later one is refused for the same reason. */
  readonly captureRefusal?: string;
}

/** What this authorization takes off its card's balance now. */
export function charged({ held, captured, refunded }: Hold): bigint {
  return held + captured - refunded;
}
