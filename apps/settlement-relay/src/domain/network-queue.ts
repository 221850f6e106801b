import type { FollowUpOutcome } from '@couplet/contracts';
import type { Step } from './authorization-table.ts';
import { answered, stepOf } from './bring-to-rest.ts';
import type { DecideDeps } from './settle-deps.ts';
import { dueRefund, type Authorization, type Settlement } from './settlement.ts';

/** One authorization that the card network is to be asked about, claimed for a while by this process. */
export interface Due {
  readonly settlement: Settlement;
  readonly authorization: Authorization;
  /** Of what the state asks: the same on every try, so that the network acts once. */
  readonly requestId: string;
  /** This one included. */
  readonly tries: number;
}

/** What to ask of the card network about one authorization. */
export interface Order {
  readonly step: Step;
  readonly relay: string;
  readonly settlementId: string;
  readonly authorizationId: string;
  /** The idempotency key. */
  readonly requestId: string;
  /** Minor units. */
  readonly amount: bigint;
  readonly currency: string;
  /** It states a fact about a stand-in approval (F12). */
  readonly advice: boolean;
  readonly tries: number;
}

export interface QueueDeps extends DecideDeps {
  readonly network: FollowUps;
  readonly queue: { postpone(due: Due): Promise<void> };
  readonly clockSkewMs: number;
}

/** Never rejects. */
export interface FollowUps {
  ask(order: Order): Promise<FollowUpOutcome | 'no-answer'>;
}

/** Asks the card network for what the journal says is next, and journals the answer; without one it is asked again later. */
export async function bringToRest(due: Due, deps: QueueDeps): Promise<void> {
  const { settlement, authorization } = due;
  const step = stepOf(settlement, authorization);
  if (step === null) return deps.queue.postpone(due); // It was read beside a commit that is changing it.
  deps.reached(`queue.before-send.${step}`);
  const outcome = await deps.network.ask(orderOf(due, step));
  deps.reached(`queue.after-answer.${step}`);
  const times = { now: deps.clock.now(), skewMs: deps.clockSkewMs };
  const change =
    outcome === 'no-answer'
      ? undefined
      : answered(settlement, authorization.authorizationId, step, outcome, times);
  const written =
    change !== undefined && (await deps.journal.commit(settlement, change, undefined, 'unhurried'));
  // Not written because somebody else wrote: the network gives the same answer to the same request.
  if (!written) await deps.queue.postpone(due);
}

function orderOf({ settlement, authorization, requestId, tries }: Due, step: Step): Order {
  const { relay, settlementId, terms, grant } = settlement;
  if (!terms) throw new Error(`settlement ${settlementId} has an authorization and no terms`);
  const { authorizationId, amount } = authorization;
  const advice = grant?.approval?.standIn ?? false;
  const order = { step, relay, settlementId, authorizationId, requestId, amount, advice, tries };
  const refund = step === 'refund' ? dueRefund(settlement) : undefined;
  return {
    ...order,
    currency: terms.currency,
    ...(refund && { requestId: refund.requestId ?? refund.refundId, amount: refund.cardAmount }),
  };
}
