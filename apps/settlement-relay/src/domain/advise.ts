import type { Advice, AdviseV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { LIVE_STATES, nextState } from './authorization-table.ts';
import { answered } from './bring-to-rest.ts';
import { decide, type Change } from './decide.ts';
import type { DecideDeps, SettlementKey } from './settle-deps.ts';
import { phaseOf, type Authorization, type Settlement } from './settlement.ts';

export type AdviceEffect = z.output<typeof AdviseV1.reply>['effect'];
type Heard = { readonly effect: AdviceEffect; readonly change?: Change };
type OfflineApproval = Extract<Advice, { kind: 'offline-approval' }>;
type AboutAuthorization = Exclude<Advice, OfflineApproval>;

/**
 * Takes in what a relay learned late. A repeat changes nothing more.
 *
 * @returns `unknown` when no such authorization of this relay is known, `too-early` when it must be told again
 */
export async function advise(
  relay: string,
  advice: Advice,
  deps: AdviseDeps,
): Promise<AdviceEffect | 'unknown' | 'too-early'> {
  if (advice.kind === 'offline-approval') return takeOffline(relay, advice, deps);
  for (;;) {
    const before = await deps.journal.find({ relay, authorizationId: advice.authorizationId });
    if (!before) return 'unknown';
    if (before.state === 'started' && advice.kind === 'stand-in-approval') return 'too-early';
    const { effect, change } = hear(before, advice, deps.clock.now());
    if (!change) return effect;
    deps.reached('advice.before-commit');
    const committed = await deps.journal.commit(before, change);
    deps.reached('advice.after-commit');
    if (committed) return effect;
  }
}

export interface AdviseDeps extends DecideDeps {
  readonly newId: () => string;
  readonly journal: DecideDeps['journal'] & {
    /** Journals an attempt that was decided elsewhere. @returns false if it is known: nothing was written */
    record(started: Settlement, change: Change): Promise<boolean>;
    find(key: SettlementKey): Promise<Settlement | undefined>;
  };
}

/** What an advice makes of a settlement (F10, F12). */
function hear(before: Settlement, advice: AboutAuthorization, now: Date): Heard {
  const authorization = before.authorizations.find((one) => one.authorizationId === advice.authorizationId);
  if (!authorization) return { effect: 'none' };
  switch (advice.kind) {
    case 'late-approval':
      return hearLateApproval(before, authorization);
    case 'adjustment': {
      const change = answered(before, authorization.authorizationId, 'adjust', advice.outcome, {
        now,
        skewMs: 0,
      });
      return change ? { effect: 'recorded', change } : { effect: 'none' };
    }
    case 'stand-in-approval':
      return hearStandIn(before, authorization);
  }
}

/**
 * A late approval is never used. What is being reversed stays so; what was taken to hold nothing is reversed once more,
 * which costs nothing if it is true. Beside another live authorization a person looks: nothing may begin there.
 */
function hearLateApproval(before: Settlement, authorization: Authorization): Heard {
  const next = nextState(authorization.state, 'late-approval');
  if (next === null) return { effect: 'recorded' };
  const others = before.authorizations.filter((one) => one !== authorization);
  if (others.some(({ state }) => LIVE_STATES.includes(state))) {
    const attention = 'approved after it was ended';
    if (authorization.attention === attention) return { effect: 'listed' };
    return { effect: 'listed', change: replaced(before, authorization, { ...authorization, attention }) };
  }
  return { effect: 'reversal', change: replaced(before, authorization, { ...authorization, state: next }) };
}

function hearStandIn(before: Settlement, { state }: Authorization): Heard {
  const { grant } = before;
  if (!grant?.approval || !LIVE_STATES.includes(state)) return { effect: 'none' };
  if (grant.approval.standIn) return { effect: 'recorded' };
  const approval = { ...grant.approval, standIn: true };
  const settlement = { ...before, version: before.version + 1, grant: { ...grant, approval } };
  return { effect: 'recorded', change: { settlement, announcements: [] } };
}

function replaced(before: Settlement, was: Authorization, is: Authorization): Change {
  const authorizations = before.authorizations.map((one) => (one === was ? is : one));
  return { settlement: { ...before, version: before.version + 1, authorizations }, announcements: [] };
}

/** F13: a sale at its full price that is over; the queue captures it. An attempt that ended otherwise contradicts it. */
async function takeOffline(relay: string, sale: OfflineApproval, deps: AdviseDeps): Promise<AdviceEffect> {
  const started = offlineAttempt(relay, sale, deps);
  const { approvalCode, networkReference, amount, lines } = sale;
  const now = deps.clock.now();
  const granted = decide(
    started,
    {
      ...{ kind: 'grant', amount, lines, coupons: [], couponSearch: 'unavailable', strategy: 'none' },
      ...{ approval: { approvalCode, networkReference }, authorization: 'approved', confirmBy: now },
      creditId: deps.newId(),
    },
    now,
  );
  if (!granted) throw new Error(`attempt ${sale.attemptId} cannot be granted`);
  deps.reached('advice.before-commit');
  const recorded = await deps.journal.record(started, granted);
  deps.reached('advice.after-commit');
  return recorded ? 'granted' : contradiction(relay, sale, deps);
}

async function contradiction(
  relay: string,
  { attemptId, authorizationId }: OfflineApproval,
  { journal }: AdviseDeps,
): Promise<AdviceEffect> {
  const known = await journal.find({ relay, attemptId });
  const same = known?.authorizations.some((one) => one.authorizationId === authorizationId) ?? false;
  // It was journalled by this advice, or is a sale that this advice confirms.
  const agrees = known && (known.fingerprint === undefined || phaseOf(known) === 'confirmed');
  return same && agrees ? 'granted' : 'listed';
}

function offlineAttempt(relay: string, sale: OfflineApproval, deps: AdviseDeps): Settlement {
  const { attemptId, authorizationId, storeId, terminalId, purpose, currency, amount } = sale;
  const presentedAt = new Date(sale.presentedAt);
  const now = deps.clock.now();
  return {
    settlementId: deps.newId(),
    ...{ relay, attemptId, deadlineAt: now, state: 'started', confirmed: false, version: 1 },
    terms: { storeId, terminalId, presentedAt, purpose, currency, amount, capture: 'immediate' },
    authorizations: [{ authorizationId, ordinal: 1, state: 'sending', held: amount, amount, expiresAt: now }],
    refunds: [],
  };
}
