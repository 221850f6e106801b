import { setTimeout as sleep } from 'node:timers/promises';
import { ProblemError } from '@couplet/contracts';
import { inTransaction } from '@couplet/postgres';
import { failpoint } from '@couplet/service-host';
import type pg from 'pg';
import { type Arrival, type TakenFault, takeFault, waitingFaults } from '../db/faults.ts';
import { untilUndisturbed } from '../db/overtaken.ts';
import type { Queryable } from '../db/queryable.ts';
import { type CardRail, type RailSettings, readCardRails, readRail } from '../db/rail.ts';
import { type Action, latencyOf } from '../domain/script.ts';
import type { Advices } from './advices.ts';
import type { Sightings } from './sightings.ts';

/** What a message did. */
interface Played<Reply> {
  reply: Reply;
  /** How a test card wants it answered. */
  habit?: Action | undefined;
}
/** @param scripted goes before the habit of a test card */
type Effect<Reply> = (db: Queryable, scripted: Action | undefined) => Promise<Played<Reply>>;

/** Plays every message as it was scripted: with its latency, and with the first fault that fits it, or as its test card does. */
export class Scene {
  private readonly closing = new AbortController();

  private constructor(
    private readonly pool: pg.Pool,
    private readonly sightings: Sightings,
    private readonly advices: Advices,
    private settings: RailSettings,
    private cardRails: ReadonlyMap<string, CardRail['capabilities']> = new Map(),
    private faultsLeft = 0,
  ) {}

  /** Goes on where the database says the script stands. */
  static async load(pool: pg.Pool, sightings: Sightings, advices: Advices): Promise<Scene> {
    const scene = new Scene(pool, sightings, advices, await readRail(pool));
    await scene.refresh();
    return scene;
  }

  beforeApplicationShutdown(): void {
    this.closing.abort();
  }

  /** As the relay declares it. */
  get rail(): RailSettings {
    return this.settings;
  }

  /** What is kept to on a card. */
  railOf(card: string | null): RailSettings['capabilities'] {
    const { capabilities } = this.settings;
    const differs = card === null ? undefined : this.cardRails.get(card);
    return differs ? { ...capabilities, ...differs } : capabilities;
  }

  get faults(): number {
    return this.faultsLeft;
  }

  /** Takes over what was written to the database. */
  async refresh(): Promise<void> {
    this.settings = await readRail(this.pool);
    const rails = await readCardRails(this.pool);
    this.cardRails = new Map(rails.map(({ card, capabilities }) => [card, capabilities]));
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
      const { reply, habit } = await untilUndisturbed(() => effect(this.pool, undefined));
      await this.latency();
      return habit ? this.stage(habit, signal, reply) : reply;
    }
    const { fault, played } = await untilUndisturbed(() => this.meetFault(arrival, effect));
    if (fault) await this.useUp(fault);
    await this.latency();
    const { reply, habit } = played ?? (await this.happenLate(fault!, signal, effect));
    const action = fault?.action ?? habit;
    return action ? this.stage(action, signal, reply, fault?.id) : reply;
  }

  /** The fault is used up in the transaction of the effect: both happened, or neither. */
  private meetFault<Reply>(arrival: Arrival, effect: Effect<Reply>) {
    return inTransaction(this.pool, async (client) => {
      const fault = await takeFault(client, arrival);
      if (fault && happensLate(fault.action)) return { fault, played: undefined };
      return { fault, played: await effect(client, fault?.action) };
    });
  }

  private async useUp({ action }: TakenFault): Promise<void> {
    this.faultsLeft = (await waitingFaults(this.pool)).length;
    if ('advise' in action && action.advise) this.advices.wake();
  }

  /** It is lost, or on its way whether or not its sender still waits. */
  private async happenLate<Reply>({ action }: TakenFault, signal: AbortSignal, effect: Effect<Reply>) {
    if (action.kind !== 'delay') return silence(signal);
    await pause(action.delayMs, this.closing.signal);
    return untilUndisturbed(() => effect(this.pool, undefined));
  }

  /** How the answer leaves, after the effect. */
  private async stage<Reply>(
    action: Action,
    signal: AbortSignal,
    reply: Reply,
    faultId?: string,
  ): Promise<Reply | { outcome: 'pending' }> {
    switch (action.kind) {
      case 'decline':
      case 'approve-at-most':
      case 'stand-in':
      case 'refuse':
      case 'keep-rest':
        return reply;
      case 'pending':
        return faultId === undefined ? reply : { outcome: 'pending' }; // Of a test card, the effect says how long.
      case 'silence':
        return silence(signal);
      case 'hold-until-seen':
        if (faultId !== undefined) await this.sightings.seen(faultId, signal);
        return reply;
      case 'delay':
        if (action.effect === 'first') {
          await pause(action.delayMs, AbortSignal.any([signal, this.closing.signal]));
        }
        return reply;
    }
  }

  private async latency(): Promise<void> {
    const { latencyMs } = this.settings;
    if (latencyMs.max > 0) await sleep(latencyOf(latencyMs, Math.random()));
  }
}

function happensLate(action: Action): boolean {
  return (
    (action.kind === 'silence' && action.effect === 'lost') ||
    (action.kind === 'delay' && action.effect === 'last')
  );
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
