import type { DoseContext, Fault, Healing } from '../dose.ts';
import { untilAttemptsAtRest } from '../../referee/attempts-at-rest.ts';
import { REST_MS } from '../healings.ts';
import { PLAYS, type SaleKind, type ScriptedFault } from '../traffic/sales.ts';
import { ADJUSTABLE, CAPTURES_LESS, REVERSE_THEN_ASK } from '../traffic/rails.ts';
import type { Cohort } from '../traffic/traffic.ts';

/** Sales that are scripted at the same time: the card network holds a thousand faults. */
const CHUNK = 60;
const RAILS = [ADJUSTABLE, CAPTURES_LESS, REVERSE_THEN_ASK];
/** After the relay has given up on an authorization; after the queue has given up on anything else. */
const LATE_MS = { authorize: 3_000, other: 700 };

/** How the card network may answer one message; undefined: as it should. */
type Answer = ScriptedFault['action'] | undefined;

/** The effect happened or not, and its answer comes, late, or never; or the effect itself is overtaken by what follows. */
const answersWithin = (lateMs: number): readonly Answer[] => [
  undefined,
  { kind: 'silence', effect: 'done' },
  { kind: 'silence', effect: 'lost' },
  { kind: 'delay', delayMs: lateMs, effect: 'first', advise: false },
  { kind: 'delay', delayMs: lateMs, effect: 'last', advise: false },
];
const AUTHORIZE = answersWithin(LATE_MS.authorize);
const OTHER = answersWithin(LATE_MS.other);
const ADJUST: readonly Answer[] = [...OTHER, { kind: 'refuse', reason: 'no' }];
const SHORT_OF_FUNDS: Answer = { kind: 'decline', reason: 'insufficient-funds' };

const ORDERINGS: readonly SaleKind[] = [
  ...pairs(AUTHORIZE, OTHER).map(([authorize, reverse]) =>
    sale('settle', { authorize: [authorize], reverse }),
  ),
  ...pairs(ADJUST, OTHER).map(([adjust, capture]) => sale('settle', { adjust, capture })),
  ...pairs(ADJUST, OTHER).map(([adjust, reverse]) => sale('void', { adjust, reverse })),
  ...pairs(OTHER, OTHER).map(([capture, refund]) => sale('cancel', { capture, refund })),
  ...pairs(AUTHORIZE, OTHER).map(([again, reverse]) =>
    sale('settle', { authorize: [SHORT_OF_FUNDS, again], reverse }),
  ),
];

export const ANSWER_FAULTS: readonly Fault[] = [
  {
    name: 'answers',
    row: 'late, lost and double network answers, every order, on S1, S2 and S3',
    seeds: RAILS.length,
    dosesPerSeed: ORDERINGS.length,
    run: playAll,
  },
];

/** Each seed on another kind of rail. */
async function playAll({ system, random, seed }: DoseContext): Promise<Healing> {
  await system.traffic.setRail(RAILS[(seed - 1) % RAILS.length]!);
  const kinds = ORDERINGS.map((kind) => ({ kind, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ kind }) => kind);
  const cohorts: Cohort[] = [];
  let recoveryMs = 0;
  for (let from = 0; from < kinds.length; from += CHUNK) {
    const cohort = await system.traffic.sellKinds(kinds.slice(from, from + CHUNK));
    cohorts.push(cohort);
    await cohort.answers.catch(() => undefined);
    const answeredAt = performance.now();
    // The next script replaces this one.
    const atRest = await untilAttemptsAtRest(system.admin, cohort.attemptIds, () => answeredAt + REST_MS);
    recoveryMs = Math.max(recoveryMs, (atRest ?? performance.now()) - answeredAt);
  }
  const healedAt = performance.now();
  await system.traffic.setRail(ADJUSTABLE);
  return { healedAt, cohorts, recoveryMs };
}

function sale(
  play: 'settle' | 'void' | 'cancel',
  answers: Partial<Record<'adjust' | 'capture' | 'reverse' | 'refund', Answer>> & { authorize?: Answer[] },
): SaleKind {
  const { authorize = [], ...others } = answers;
  const scripted = [
    ...authorize.map((action) => ({ verb: 'authorize' as const, action })),
    ...Object.entries(others).map(([verb, action]) => ({ verb: verb as ScriptedFault['verb'], action })),
  ];
  return {
    ...PLAYS[play],
    network: scripted.flatMap(({ verb, action }) => (action ? [{ verb, action, times: 1 }] : [])),
  };
}

function pairs<A, B>(first: readonly A[], second: readonly B[]): [A, B][] {
  return first.flatMap((a) => second.map((b): [A, B] => [a, b]));
}
