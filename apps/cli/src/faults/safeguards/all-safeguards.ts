import { setTimeout as sleep } from 'node:timers/promises';
import type { Service } from '@couplet/contracts';
import type { DoseContext, Healing } from '../dose.ts';
import { startLink } from '../link/start-link.ts';
import { ADJUSTABLE, REVERSE_THEN_ASK } from '../traffic/rails.ts';
import { PLAYS, SALES, type SaleKind } from '../traffic/sales.ts';
import type { Cohort } from '../traffic/traffic.ts';
import { killAt } from '../doses/failpoints.ts';
import { RACE_FAULTS } from '../doses/races.ts';
import type { Safeguard } from './safeguard.ts';

const RELAY: Service = 'settlement-relay';
const SALES_AT_ONCE = 20;
/** Longer than a reservation waits for the end of its settlement. */
const PAST_RESERVATIONS_MS = 5_500;

export const SAFEGUARDS: readonly Safeguard[] = [
  {
    name: 'journal before wire',
    without: [
      {
        service: RELAY,
        module: '/apps/settlement-relay/dist/domain/settle.js',
        from: `    if (!(await deps.journal.begin(started)))
        return repeated(command, deps);
    deps.reached('settle.after-journal');
    // A refund that did not see this attempt is seen by it: what was given back meanwhile is not paid any more.
    if ((await continuedBy(command, deps)) !== continued)
        return unsent(started, command, deps);
    const legs = fanOut(started, command, deps);
    deps.reached('settle.after-fan-out');`,
        to: `    const legs = fanOut(started, command, deps);
    await legs.answer('card', started);
    deps.reached('settle.after-fan-out');
    if (!(await deps.journal.begin(started))) return repeated(command, deps);
    deps.reached('settle.after-journal');`,
      },
    ],
    dose: (context) => killAt(RELAY, 'settle.after-fan-out', context),
    seenBy: ['journal-knows-every-settlement'],
  },
  {
    name: 'unique live authorization',
    temptation: [
      // A card that is asked again although its first hold is not known to be gone.
      {
        service: RELAY,
        module: '/apps/settlement-relay/dist/domain/next-step.js',
        from: 'return afterReversal(answers.reversal, sale);',
        to: `return afterReversal('done', sale);`,
      },
      {
        service: RELAY,
        module: '/apps/settlement-relay/dist/domain/decide.js',
        from: `    const gone = advance(first, ended);
    if (LIVE_STATES.includes(gone.state))
        return undefined; // Somebody else moved it: never a second hold.`,
        to: '    const gone = first;',
      },
    ],
    without: [],
    withoutInDatabase: 'DROP INDEX settlement_relay.card_authorization_one_live',
    dose: (context) => sellOn(REVERSE_THEN_ASK, neverReversed, context),
    seenBy: ['one-live-authorization-per-attempt'],
  },
  {
    name: 'reserve tombstone',
    without: [
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/db/reservations.js',
        from: 'FROM unnest($1::uuid[]) AS settlement_id ORDER BY settlement_id',
        to: 'FROM unnest($1::uuid[]) AS settlement_id WHERE false',
      },
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/db/end-settlements.js',
        from: 'const plan = planEnd(',
        to: 'if (!set) return []; const plan = planEnd(',
      },
    ],
    dose: reserveLate,
    seenBy: ['nothing-is-reserved-once-the-end-is-known'],
  },
  {
    name: 'resolve before release',
    without: [
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/handlers/resolver.js',
        from: 'const end = await this.deciders[decider].resolve(settlementId);',
        to: `const end = { kind: 'abandoned' };`,
      },
    ],
    dose: grantedAndSilent,
    seenBy: ['consumed-equals-granted'],
  },
  {
    name: 'durable reversal',
    without: [
      {
        service: RELAY,
        module: '/apps/settlement-relay/dist/db/journal-rows.js',
        from: 'request_id: requestId, queue }',
        to: `request_id: requestId, queue: state === 'reversing' ? undefined : queue }`,
      },
    ],
    dose: (context) => sellOn(ADJUSTABLE, reversalLost, context),
    seenBy: ['authorizations-are-at-rest', 'no-hold-without-an-approval'],
  },
  {
    name: 'inbox',
    without: [
      {
        service: 'analytics',
        module: '/libs/outbox/dist/inbox.js',
        from: 'return new Set(rows.map(({ event_id }) => event_id));',
        to: 'return new Set(eventIds);',
      },
    ],
    dose: (context) =>
      overLink('analytics', { duplicate: 1, strayMs: 400, subjects: ['couplet.event.'] }, context),
    seenBy: ['analytics-equals-granted'],
  },
  {
    name: 'outbox',
    without: [
      {
        service: RELAY,
        module: '/libs/outbox/dist/outbox-relay.js',
        from: `const published = rows.filter((_, index) => results[index]?.status === 'fulfilled').map(({ id }) => id);`,
        to: 'const published = rows.map(({ id }) => id);',
      },
    ],
    dose: (context) => overLink(RELAY, { drop: 0.3, subjects: ['couplet.event.'] }, context),
    seenBy: ['stream-holds-every-event-once', 'analytics-equals-granted'],
  },
  {
    name: 'conditional grant',
    without: [
      {
        service: RELAY,
        module: '/apps/settlement-relay/dist/db/statements.js',
        from: 'AND a.state = one.state_before AND a.version = one.version_before',
        to: '',
      },
    ],
    dose: (context) => sellOn(ADJUSTABLE, gaveUpTooSoon, context),
    seenBy: ['till-was-told-what-the-journal-holds'],
  },
  {
    name: 'escrow slots',
    without: [
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/db/candidates.js',
        from: 'left[kind].set(offer_id, remaining)',
        to: 'left[kind].set(offer_id, 1000000n + remaining)',
      },
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/db/escrow.js',
        from: 'return this.of(offerId, kind).reduce(',
        to: 'return 1000000n + this.of(offerId, kind).reduce(',
      },
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/db/escrow.js',
        from: 'if (!from)',
        to: 'if (!from) return []; else if (!from)',
      },
      {
        service: 'medium-registry',
        module: '/apps/medium-registry/dist/db/escrow.js',
        from: '(await move(client, wanted)) < wanted.length',
        to: '(await move(client, wanted)) < 0',
      },
    ],
    dose: (context) => RACE_FAULTS.find(({ name }) => name === 'race:budget')!.run(context),
    seenBy: ['limits-hold'],
  },
];

/** S3: the card is asked at the discounted price while the first hold cannot be freed. */
const neverReversed: SaleKind = {
  ...PLAYS.settle,
  network: [
    { verb: 'reverse', action: { kind: 'silence', effect: 'lost' }, times: 3 },
    { verb: 'authorize', action: { kind: 'delay', delayMs: 0, effect: 'first', advise: false }, times: 1 },
    // Long enough to be seen: the card network itself then refuses a second hold.
    {
      verb: 'authorize',
      action: { kind: 'delay', delayMs: 1_200, effect: 'first', advise: false },
      times: 1,
    },
  ],
};
const reversalLost: SaleKind = {
  ...PLAYS.void,
  network: [{ verb: 'reverse', action: { kind: 'silence', effect: 'lost' }, times: 1 }],
};
/** Cancelled while the card network takes its time to approve. */
const gaveUpTooSoon: SaleKind = {
  ...PLAYS.giveUp,
  network: [
    {
      verb: 'authorize',
      action: { kind: 'delay', delayMs: 1_200, effect: 'first', advise: false },
      times: 1,
    },
  ],
};

const many = (kind: SaleKind): SaleKind[] => Array.from({ length: SALES_AT_ONCE }, () => kind);

async function sellOn(rail: typeof ADJUSTABLE, kind: SaleKind, { system }: DoseContext): Promise<Healing> {
  await system.traffic.setRail(rail);
  const cohort = await system.traffic.sellKinds(many(kind));
  await cohort.answers;
  await system.traffic.setRail(ADJUSTABLE);
  return { healedAt: performance.now(), cohorts: [cohort] };
}

/** The search comes later than the end of its settlement. */
async function reserveLate(context: DoseContext): Promise<Healing> {
  const subjects = ['couplet.request.medium-registry.reserve'];
  return overLink('medium-registry', { reorder: 1, strayMs: 2_200, subjects }, context);
}

/** One service reaches NATS over a line that is bad in one direction: towards a subscriber, or from a publisher. */
async function overLink(
  service: Service,
  faults: Parameters<Awaited<ReturnType<typeof startLink>>['set']>[0]['down'],
  { system, seed, settings }: DoseContext,
): Promise<Healing> {
  const { services, nats } = system.topology;
  const link = await startLink({ target: nats.url, seed });
  await services.startOnce(service, { ...settings?.[service], NATS_URL: link.url });
  link.set({ up: faults, down: faults });
  const cohort = await system.traffic.sellKinds(many(SALES.plain));
  await cohort.answers;
  await sleep(PAST_RESERVATIONS_MS);
  link.heal();
  const healedAt = performance.now();
  await services.startOnce(service, { ...settings?.[service] });
  await link.close();
  return { healedAt, cohorts: [cohort] };
}

/** Granted in the journal and then gone, so that no event tells of it while the registry waits. */
async function grantedAndSilent({ system, settings }: DoseContext): Promise<Healing> {
  const { services } = system.topology;
  const cohorts: Cohort[] = [];
  const armed = await system.arm(RELAY, 'settle.after-grant', 1);
  cohorts.push(await system.traffic.sellKinds(many(SALES.plain)));
  await armed.exited;
  await sleep(PAST_RESERVATIONS_MS);
  await services.startOnce(RELAY, { ...settings?.[RELAY] });
  return { healedAt: performance.now(), cohorts };
}
