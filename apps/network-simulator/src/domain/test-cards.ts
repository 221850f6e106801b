import type { HoldState } from './hold.ts';
import type { Action, Verb } from './script.ts';

/** A number that always behaves one way, with nothing scripted. What is scripted goes before. */
export interface TestCard {
  readonly name: string;
  readonly number: string;
  /** What differs from a card that approves; with `state`, only of an authorization in that state. */
  readonly plays?: { readonly verb: Verb; readonly action: Action; readonly state?: HoldState };
}

/** Every number that is not here approves within its balance. The README's table is checked against this one. */
export const TEST_CARDS: readonly TestCard[] = [
  { name: 'approve', number: '4111111111111111' },
  {
    name: 'insufficient-funds',
    number: '4000000000009995',
    plays: { verb: 'authorize', action: { kind: 'decline', reason: 'insufficient-funds' } },
  },
  {
    name: 'do-not-honour',
    number: '4000000000000002',
    plays: { verb: 'authorize', action: { kind: 'decline', reason: 'do-not-honour' } },
  },
  {
    name: 'partial-approval',
    number: '4000000000000010',
    plays: { verb: 'authorize', action: { kind: 'approve-at-most', amount: 200n } },
  },
  {
    name: 'slow',
    number: '4000000000000028',
    plays: { verb: 'authorize', action: { kind: 'delay', delayMs: 3_000, effect: 'first', advise: false } },
  },
  {
    name: 'silent',
    number: '4000000000000036',
    plays: { verb: 'authorize', action: { kind: 'silence', effect: 'done' } },
  },
  {
    name: 'stand-in',
    number: '4000000000000044',
    plays: { verb: 'authorize', action: { kind: 'stand-in', advise: false } },
  },
  {
    name: 'capture-refused',
    number: '4000000000000051',
    plays: { verb: 'capture', action: { kind: 'refuse', reason: 'closed' } },
  },
  {
    name: 'adjust-refused',
    number: '4000000000000069',
    plays: { verb: 'adjust', action: { kind: 'refuse', reason: 'amount-differs' }, state: 'held' },
  },
  {
    name: 'adjust-pending',
    number: '4000000000000077',
    plays: { verb: 'adjust', action: { kind: 'pending', forMs: 2_000, advise: false } },
  },
  {
    name: 'reversal-slow',
    number: '4000000000000085',
    plays: { verb: 'reverse', action: { kind: 'delay', delayMs: 3_000, effect: 'first', advise: false } },
  },
  {
    name: 'rest-kept',
    number: '4000000000000093',
    plays: { verb: 'capture', action: { kind: 'keep-rest' } },
  },
];

const BY_NUMBER = new Map(TEST_CARDS.map((card) => [card.number, card]));
const BY_NAME = new Map(TEST_CARDS.map((card) => [card.name, card]));

/** The test card of that number, if it is one that does not simply approve. */
export function testCardOf(number: string | undefined): TestCard | undefined {
  const card = number === undefined ? undefined : BY_NUMBER.get(number);
  return card?.plays && card;
}

/** What the test card of that name does at this verb, to an authorization in this state. */
export function testCardAction(
  name: string | null | undefined,
  verb: Verb,
  state?: HoldState,
): Action | undefined {
  const plays = name ? BY_NAME.get(name)?.plays : undefined;
  if (plays?.verb !== verb) return undefined;
  return plays.state === undefined || plays.state === state ? plays.action : undefined;
}
