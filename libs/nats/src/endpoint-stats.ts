import type { ProblemError } from '@couplet/contracts';

/** What `$SRV.STATS` tells of one endpoint. Durations are nanoseconds, from arrival to answer. */
export class EndpointStats {
  private requests = 0;
  private errors = 0;
  private processingNanos = 0;
  private lastError = '';
  private withoutReply = 0;

  constructor(
    readonly name: string,
    readonly subject: string,
    readonly queueGroup: string,
  ) {}

  /** @param startedAt on the clock of `performance.now()` */
  count(startedAt: number, failure?: ProblemError): void {
    this.requests++;
    this.processingNanos += Math.round((performance.now() - startedAt) * 1e6);
    if (failure === undefined) return;
    this.errors++;
    this.lastError = failure.code; // Only the kind: whoever may ask for STATS reads it.
  }

  countWithoutReply(): void {
    this.withoutReply++;
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
      data: { without_reply: this.withoutReply },
    };
  }
}
