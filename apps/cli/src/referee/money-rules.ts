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
  const { state, confirmed, authorizations, amount, price = 0n } = journal;
  const due = state === 'granted' && confirmed && authorizations.length > 0 ? amount : 0n;
  const captured = settledOn(network);
  expect('captured-equals-granted', captured === due, { journal: due, network: captured });

  const holds = network.filter(({ held }) => held > 0n);
  const mayHold = state === 'granted' && !confirmed; // On-confirm: the hold waits for the till.
  expect('no-hold-without-an-approval', holds.length === 0 || mayHold, {
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

/** What the network took and did not give back, over all authorizations of a settlement. */
export function settledOn(network: readonly NetworkFact[]): bigint {
  return network.reduce((sum, { captured, refunded }) => sum + captured - refunded, 0n);
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
