/** Second argument of a request handler. */
export interface RequestContext {
  /** Who asks, as NATS permissions vouch for it; on a network request the relay that is asked. */
  readonly caller: string;
  readonly traceId: string;
  /** W3C; hand it on with whatever this request causes. */
  readonly traceparent: string;
  /** When the caller waits no longer, on the clock of `performance.now()`. */
  readonly expiresAt: number;
  /** Aborts then. */
  readonly signal: AbortSignal;
}

/** Second argument of an event handler. */
export interface EventContext {
  /** The same on every delivery: record it in the transaction of the effect. */
  readonly eventId: string;
  readonly type: string;
  /** RFC 3339: when it happened. */
  readonly time: string;
  /** 1 on the first delivery. */
  readonly deliveries: number;
  readonly traceparent?: string;
}
