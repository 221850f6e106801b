import { timelineOf, type Timeline } from '../report/timeline.ts';
import type { Observer } from './observer.ts';
import type { Settled } from './settled.ts';

/** Settlements after the first with a coupon during which its last messages are still waited for. */
const PATIENCE_SETTLEMENTS = 200;
/** With these seen, everything was. */
const LAST_STEPS = ['settlement-captured published', 'coupon-consumed published'];

/** Chooses the first settlement with a coupon to be shown, and lets the observer go when it has seen the whole of it. */
export class Showcase {
  private chosen: Settled | undefined;
  private settledSince = 0;
  private timeline: Timeline | undefined;
  private stopped = false;

  constructor(private readonly observer: Observer) {}

  async onSettled(settled: Settled): Promise<void> {
    if (this.stopped) return;
    if (!this.chosen && isDiscounted(settled)) this.chosen = settled;
    else if (this.chosen) this.settledSince += 1;
    const complete = LAST_STEPS.every((step) => this.sightings().some(({ what }) => what === step));
    if (complete || this.settledSince > PATIENCE_SETTLEMENTS) await this.end();
  }

  /** @returns the timeline, if there was a settlement with a coupon and a card */
  async end(): Promise<Timeline | undefined> {
    if (this.stopped) return this.timeline;
    this.stopped = true;
    if (this.chosen?.answer.kind === 'reply') {
      const { settlementId, originalAmount, discount } = this.chosen.answer.reply;
      this.timeline = timelineOf(settlementId, { originalAmount, discount }, this.sightings());
    }
    await this.observer.stop();
    return this.timeline;
  }

  private sightings() {
    if (this.chosen?.answer.kind !== 'reply') return [];
    return this.observer.sightingsOf(this.chosen.answer.reply.settlementId, this.chosen.attemptId);
  }
}

function isDiscounted({ answer }: Settled): boolean {
  return answer.kind === 'reply' && answer.reply.outcome === 'approved' && answer.reply.discount > 0n;
}
