import { timelineOf, type Sighting, type Timeline } from '../report/timeline.ts';
import type { Settled } from './settled.ts';
import type { WireWatch } from './watch-wire.ts';

/** Settlements after the first with a coupon during which its last messages are still waited for. */
const PATIENCE_SETTLEMENTS = 200;

/** Chooses the first settlement with a coupon to be shown, and ends the watch when it must have been seen whole. */
export class Showcase {
  private chosen: Settled | undefined;
  private settledSince = 0;
  private ended: Promise<Timeline | undefined> | undefined;

  constructor(private readonly wire: WireWatch) {}

  onSettled(settled: Settled): void {
    if (this.chosen) this.settledSince += 1;
    else if (isDiscounted(settled)) this.chosen = settled;
    if (this.settledSince > PATIENCE_SETTLEMENTS) void this.end();
  }

  /** @returns the timeline, if there was a settlement with a coupon and a card */
  end(): Promise<Timeline | undefined> {
    this.ended ??= this.read().finally(() => this.wire.stop());
    return this.ended;
  }

  private async read(): Promise<Timeline | undefined> {
    if (this.chosen?.answer.kind !== 'reply') return undefined;
    const { settlementId, originalAmount, discount } = this.chosen.answer.reply;
    const sightings: Sighting[] = await this.wire.sightingsOf(settlementId, this.chosen.attemptId);
    return timelineOf(settlementId, { originalAmount, discount }, sightings);
  }
}

function isDiscounted({ answer }: Settled): boolean {
  return answer.kind === 'reply' && answer.reply.outcome === 'approved' && answer.reply.discount > 0n;
}
