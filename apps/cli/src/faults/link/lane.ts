import type { Socket } from 'node:net';
import { between, type Random } from '../random.ts';
import type { Frame } from './frames.ts';

/** What happens to what passes in one direction. Shares are in 0..1, of the messages; absent: nothing happens. */
export interface LaneFaults {
  /** Of every operation, uniform; the order stays. */
  delayMs?: { min: number; max: number };
  drop?: number;
  /** A second copy follows within `strayMs`, so others may come between. */
  duplicate?: number;
  /** Held back for up to `strayMs`, so that later ones overtake it. */
  reorder?: number;
  /** Default 50. */
  strayMs?: number;
  /** Swallows everything, and tells nobody. */
  halfOpen?: boolean;
  /** Only messages whose subject begins so meet `drop`, `duplicate` and `reorder`. Default: all. */
  subjects?: readonly string[];
}

export interface LinkStats {
  passed: number;
  dropped: number;
  duplicated: number;
  reordered: number;
}

const STRAY_MS = 50;

/** One direction of one connection. */
export class Lane {
  private readonly queue: { bytes: Buffer; dueAt: number }[] = [];
  private readonly timers = new Set<NodeJS.Timeout>();
  private pump: NodeJS.Timeout | undefined;
  private ended = false;

  constructor(
    private readonly out: Socket,
    private readonly random: Random,
    private readonly stats: LinkStats,
    private readonly faults: () => LaneFaults,
  ) {}

  take({ bytes, subject }: Frame): void {
    const faults = this.faults();
    if (faults.halfOpen) return;
    if (subject === undefined || !meets(faults, subject)) return this.inOrder(bytes, faults);
    if (this.chance(faults.drop)) {
      this.stats.dropped++;
      return;
    }
    this.stats.passed++;
    if (this.chance(faults.duplicate)) {
      this.stats.duplicated++;
      this.astray(bytes, faults);
    }
    if (!this.chance(faults.reorder)) return this.inOrder(bytes, faults);
    this.stats.reordered++;
    this.astray(bytes, faults);
  }

  end(): void {
    this.ended = true;
    clearTimeout(this.pump);
    for (const timer of this.timers) clearTimeout(timer);
  }

  private chance(share: number | undefined): boolean {
    return share !== undefined && this.random() < share;
  }

  private astray(bytes: Buffer, { strayMs = STRAY_MS, delayMs }: LaneFaults): void {
    const waitMs = between(this.random, 1, strayMs) + (delayMs?.min ?? 0);
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      this.write(bytes);
    }, waitMs);
    this.timers.add(timer);
  }

  private inOrder(bytes: Buffer, { delayMs }: LaneFaults): void {
    if (!delayMs && this.queue.length === 0) return this.write(bytes);
    const delay = delayMs ? between(this.random, delayMs.min, delayMs.max) : 0;
    const dueAt = Math.max(this.queue.at(-1)?.dueAt ?? 0, performance.now() + delay);
    this.queue.push({ bytes, dueAt });
    if (this.queue.length === 1) this.pumpAt(dueAt);
  }

  private pumpAt(dueAt: number): void {
    this.pump = setTimeout(() => {
      for (let next = this.queue[0]; next && next.dueAt <= performance.now(); next = this.queue[0]) {
        this.write(next.bytes);
        this.queue.shift();
      }
      if (this.queue[0]) this.pumpAt(this.queue[0].dueAt);
    }, dueAt - performance.now());
  }

  /** What is on its way when a link goes dead arrives no more. */
  private write(bytes: Buffer): void {
    if (!this.ended && !this.faults().halfOpen) this.out.write(bytes);
  }
}

function meets({ subjects }: LaneFaults, subject: string): boolean {
  return subjects === undefined || subjects.some((beginning) => subject.startsWith(beginning));
}
