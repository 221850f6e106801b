import { AcquireCouponsV1, requestSubject, SettleV1 } from '@couplet/contracts';
import type { Journey, Receipt } from '../journey/types.ts';
import type { Step } from '../plan/agenda.ts';
import { settleRequestOf } from '../plan/settle-request.ts';
import { RELAY } from '../topology/nats-users.ts';
import type { NatsConnection } from '../topology/start-topology.ts';
import { askUntilAnswered } from './ask.ts';
import type { Operator } from './operator.ts';
import { runAgenda } from './run-agenda.ts';
import type { Settled } from './settled.ts';

export interface Replayed {
  /** In the order of the receipts. */
  settled: Settled[];
  couponsAcquired: number;
  elapsedMs: number;
}

export interface ReplayOptions {
  concurrency: number;
  /** Called after every step. */
  onStep?: (done: number, step: Step) => void;
  onSettled?: (settled: Settled) => void;
}

/** Performs an agenda: acquisitions through the registry, receipts through the settle contract, those of a household in turn. */
export async function replayJourney(
  agenda: readonly Step[],
  { products }: Pick<Journey, 'products'>,
  { operator, tills }: { operator: Operator; tills: NatsConnection },
  { concurrency, onStep, onSettled }: ReplayOptions,
): Promise<Replayed> {
  const settled = new Map<Receipt, Settled>();
  const startedAt = performance.now();
  let couponsAcquired = 0;
  let done = 0;
  await runAgenda(agenda, {
    concurrency,
    laneOf: ({ householdId }) => householdId,
    perform: async (step) => {
      if (step.kind === 'acquire') {
        const { coupons } = await operator.ask(AcquireCouponsV1, step.acquisition);
        couponsAcquired += coupons.length;
      } else {
        const one = await settle(tills, step.receipt, products);
        settled.set(step.receipt, one);
        onSettled?.(one);
      }
      onStep?.(++done, step);
    },
  });
  const elapsedMs = performance.now() - startedAt;
  const inOrder = agenda.flatMap((step) => (step.kind === 'settle' ? [settled.get(step.receipt)!] : []));
  return { settled: inOrder, couponsAcquired, elapsedMs };
}

/** As a till does that knows only NATS and JSON; without an answer it repeats the same attempt. */
async function settle(
  tills: NatsConnection,
  receipt: Receipt,
  products: Journey['products'],
): Promise<Settled> {
  const body = settleRequestOf(receipt, products);
  const startedAt = performance.now();
  const answer = await askUntilAnswered(tills, requestSubject(SettleV1, RELAY), body);
  const latencyMs = performance.now() - startedAt;
  return { receipt, attemptId: body.attemptId, latencyMs, answer: readAnswer(answer) };
}

function readAnswer(answer: Awaited<ReturnType<typeof askUntilAnswered>>): Settled['answer'] {
  switch (answer.kind) {
    case 'reply':
      return { kind: 'reply', reply: SettleV1.reply.parse(answer.body) };
    case 'problem':
      return { kind: 'failed', problem: answer.problem.code };
    case 'silence':
      return { kind: 'failed', problem: 'no-answer' };
  }
}
