import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@couplet/contracts';
import { inTransaction } from '@couplet/postgres';
import { failpoint } from '@couplet/service-host';
import type pg from 'pg';
import { type Arrival, type TakenFault, takeFault, waitingFaults } from '../db/faults.ts';
import { untilUndisturbed } from '../db/overtaken.ts';
import type { Queryable } from '../db/queryable.ts';
import { type RailSettings, readRail } from '../db/rail.ts';
import { type Action, latencyOf } from '../domain/script.ts';
import type { Sightings } from './sightings.ts';

/** What a scripted fault says about the decision itself. */
interface Verdict {
  declineReason?: string;
  refusal?: string;
}
type Effect<Reply> = (db: Queryable, verdict: Verdict) => Promise<Reply>;

/** Plays every message as it was scripted: with its latency, and with the first fault that fits it. */
export class Scene {
  private readonly closing = new AbortController();

  private constructor(
    private readonly pool: pg.Pool,
    private readonly sightings: Sightings,
    private settings: RailSettings,
    private faultsLeft: number,
  ) {}

  /** Goes on where the database says the script stands. */
  static async load(pool: pg.Pool, sightings: Sightings): Promise<Scene> {
    const scene = new Scene(pool, sightings, await readRail(pool), 0);
    await scene.refresh();
    return scene;
  }

  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  get rail(): RailSettings {
    return this.settings;
  }

  get faults(): number {
    return this.faultsLeft;
  }

  /** Takes over what was written to the database. */
  async refresh(): Promise<void> {
    this.settings = await readRail(this.pool);
    const faults = await waitingFaults(this.pool);
    await this.sightings.watch(
      faults.flatMap(({ id, action }) =>
        action.kind === 'hold-until-seen' ? [{ id, subject: action.subject }] : [],
      ),
    );
    this.faultsLeft = faults.length;
  }

  /**
   * @param effect what the message does; may run again, then its writes were rolled back
   * @param signal of the caller's deadline
   */
  async play<Reply extends object>(
    arrival: Arrival,
    signal: AbortSignal,
    effect: Effect<Reply>,
  ): Promise<Reply | { outcome: 'pending' }> {
    failpoint(`network.${arrival.verb}.on-arrival`);
    const answer = await this.answerTo(arrival, signal, effect);
    failpoint(`network.${arrival.verb}.before-answer`);
    return answer;
  }

  private async answerTo<Reply extends object>(
    arrival: Arrival,
    signal: AbortSignal,
    effect: Effect<Reply>,
  ): Promise<Reply | { outcome: 'pending' }> {
    if (this.faultsLeft === 0) {
      const reply = await untilUndisturbed(() => effect(this.pool, {}));
      await this.latency();
      return reply;
    }
    const { fault, reply } = await untilUndisturbed(() => this.meetFault(arrival, effect));
    if (fault) this.faultsLeft = (await waitingFaults(this.pool)).length;
    await this.latency();
    const answer = fault ? await this.stage(fault, signal, effect, reply) : reply;
    if (!answer) throw new Error(`${arrival.verb} had no effect and no fault`);
    return answer;
  }

  /** The fault is used up in the transaction of the effect: both happened, or neither. */
  private meetFault<Reply>(arrival: Arrival, effect: Effect<Reply>) {
    return inTransaction(this.pool, async (client) => {
      const fault = await takeFault(client, arrival);
      if (fault && happensLater(fault.action)) return { fault, reply: undefined };
      return { fault, reply: await effect(client, verdictOf(fault?.action)) };
    });
  }

  private async stage<Reply>(
    { id, action }: TakenFault,
    signal: AbortSignal,
    effect: Effect<Reply>,
    reply: Reply | undefined,
  ): Promise<Reply | { outcome: 'pending' } | undefined> {
    switch (action.kind) {
      case 'decline':
      case 'refuse':
        return reply;
      case 'pending':
        return { outcome: 'pending' };
      case 'silence':
        return silence(signal);
      case 'hold-until-seen':
        await this.sightings.seen(id, signal);
        return reply;
      case 'delay':
        if (reply)
          return pause(action.delayMs, AbortSignal.any([signal, this.closing.signal])).then(() => reply);
        await pause(action.delayMs, this.closing.signal); // On its way, whether or not its sender still waits.
        return untilUndisturbed(() => effect(this.pool, {}));
    }
  }

  private async latency(): Promise<void> {
    const { latencyMs } = this.settings;
    if (latencyMs.max > 0) await sleep(latencyOf(latencyMs, Math.random()));
  }
}

function happensLater(action: Action): boolean {
  return (
    (action.kind === 'silence' && action.effect === 'lost') ||
    (action.kind === 'delay' && action.effect === 'last')
  );
}

function verdictOf(action: Action | undefined): Verdict {
  if (action?.kind === 'decline') return { declineReason: action.reason };
  if (action?.kind === 'refuse') return { refusal: action.reason };
  return {};
}

/** @throws ProblemError when it was cut short: nobody waits any more, or this service ends */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: Error) => {
    throw new ProblemError('deadline-exceeded', 'the wait was cut short', undefined, { cause: error });
  });
}

/** Nobody hears of it any more: the transport's own deadline ends the exchange. */
async function silence(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  throw new ProblemError('deadline-exceeded', 'this network was told to stay silent');
}
