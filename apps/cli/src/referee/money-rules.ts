import type { Expect } from './difference.ts';
import type { JournalFact, NetworkFact } from './facts.ts';

const AT_REST = ['captured', 'refunded', 'declined', 'reversed', 'never-sent', 'listed'];
const NEVER_SEEN = 'never seen';
/** What the network may say of an authorization in a state of the journal; of other states it may say anything. */
const NETWORK_STATES: Readonly<Record<string, readonly string[]>> = {
  captured: ['captured'],
  refunded: ['captured'],
  declined: ['declined'],
  reversed: ['reversed', 'declined'],
  'never-sent': [NEVER_SEEN],
};

/** Journal and card network: holds, captures and refunds of one settlement. */
export function checkMoney(journal: JournalFact, network: readonly NetworkFact[], expect: Expect): void {
  checkAuthorizations(journal, network, expect);
  const { state, confirmed, authorizations, price = 0n } = journal;
  const isListed = authorizations.some((one) => one.state === 'listed'); // A person decides what is due.
  const due = dueOn(journal);
  const settled = settledOn(network);
  expect('captured-equals-granted', settled === due || isListed, { journal: due, network: settled });
  checkRefunds(journal, expect);

  const holds = network.filter(({ held }) => held > 0n);
  const mayHold = state === 'granted' && !confirmed; // On-confirm: the hold waits for the till.
  expect('no-hold-without-an-approval', holds.length === 0 || mayHold || isListed, {
    journal: `${state}${confirmed ? ', confirmed' : ''}`,
    held: holds.map(({ held }) => held).join(),
  });
  expect('one-live-hold-per-attempt', holds.length <= 1, {
    network: holds.map(({ authorizationId }) => authorizationId).join(),
  });
  for (const { authorizationId, authorized, held, captured, refunded } of network) {
    const above = authorized > price || held > price;
    expect('hold-never-above-the-price', !above, { authorizationId, price, authorized, held });
    expect('refunds-never-exceed-captures', refunded <= captured, { authorizationId, captured, refunded });
  }
}

/** What the network took, over all authorizations of a settlement. */
export function capturedOn(network: readonly NetworkFact[]): bigint {
  return network.reduce((sum, { captured }) => sum + captured, 0n);
}

/** The same without what it gave back. */
function settledOn(network: readonly NetworkFact[]): bigint {
  return network.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0n);
}

/** What must have been taken on the card and not given back: what was granted on it, less what was refunded. */
function dueOn({ state, confirmed, cardAmount, refunds }: JournalFact): bigint {
  if (state !== 'granted' || !confirmed) return 0n;
  const given = refunds.filter((refund) => refund.state === 'done');
  return given.reduce((due, refund) => due - refund.cardAmount, cardAmount);
}

function checkRefunds({ amount = 0n, cardAmount, refunds }: JournalFact, expect: Expect): void {
  const counted = refunds.filter(({ state }) => state !== 'not-needed');
  const sum = (of: 'amount' | 'cardAmount') => counted.reduce((total, refund) => total + refund[of], 0n);
  const [given, givenOnCard] = [sum('amount'), sum('cardAmount')];
  expect('refunds-never-exceed-the-sale', given <= amount && givenOnCard <= cardAmount, {
    granted: `${amount}, ${cardAmount} of it on the card`,
    refunded: `${given}, ${givenOnCard} of it on the card`,
  });
}

function checkAuthorizations(
  { state, confirmed, authorizations }: JournalFact,
  network: readonly NetworkFact[],
  expect: Expect,
): void {
  const waits = state === 'granted' && !confirmed;
  const remembered = new Map(network.map((fact) => [fact.authorizationId, fact.state]));
  for (const { authorizationId, state: journal } of authorizations) {
    expect('authorizations-are-at-rest', AT_REST.includes(journal) || waits, { authorizationId, journal });
    const says = remembered.get(authorizationId) ?? NEVER_SEEN;
    const agrees = NETWORK_STATES[journal]?.includes(says) ?? true;
    expect('authorizations-agree-with-the-network', agrees, { authorizationId, journal, network: says });
  }
  const journalled = new Set(authorizations.map(({ authorizationId }) => authorizationId));
  for (const [authorizationId, says] of remembered) {
    expect('authorizations-agree-with-the-network', journalled.has(authorizationId), {
      authorizationId,
      journal: 'does not know it',
      network: says,
    });
  }
}
