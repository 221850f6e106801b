/** What `$SRV.STATS` tells of one endpoint. Durations are nanoseconds, from arrival to answer. */
export class EndpointStats {
  private requests = 0;
  private errors = 0;
  private processingNanos = 0;
  private lastError = '';

  constructor(
    readonly name: string,
    readonly subject: string,
    readonly queueGroup: string,
  ) {}

  /** @param startedAt on the clock of `performance.now()` */
  count(startedAt: number, failure?: unknown): void {
    this.requests++;
    this.processingNanos += Math.round((performance.now() - startedAt) * 1e6);
    if (failure === undefined) return;
    this.errors++;
    // Only the kind of failure: STATS is open to whoever may ask for it.
    this.lastError = failure instanceof Error && 'code' in failure ? String(failure.code) : 'internal';
  }

  snapshot() {
    return {
      name: this.name,
      subject: this.subject,
      queue_group: this.queueGroup,
      num_requests: this.requests,
      num_errors: this.errors,
      last_error: this.lastError,
      processing_time: this.processingNanos,
      average_processing_time: this.requests === 0 ? 0 : Math.round(this.processingNanos / this.requests),
    };
  }
}
