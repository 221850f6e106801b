import type { Check } from '../check.ts';
import {
  type AuthorizeBody,
  type Conversation,
  DISCOUNTED,
  type FollowUpVerb,
  type Outcome,
  PRICE,
} from '../conversation.ts';
import { CannotPlay } from '../finding.ts';
import { same } from './same.ts';

/** What the relay remembers of an authorization before the message of a cell. */
const REACHED = {
  'never seen': async (relay) => relay.newAuthorize(),
  held: authorized,
  reversed: async (relay) => followed(relay, 'reverse'),
  declined: async (relay) => {
    const authorize = relay.newExpired();
    await relay.authorize(authorize, 'declined');
    return authorize;
  },
  captured: async (relay) => followed(relay, 'capture'),
} satisfies Record<string, (relay: Conversation) => Promise<AuthorizeBody>>;
type State = keyof typeof REACHED;

/** @throws CannotPlay */
export async function reach(relay: Conversation, state: State): Promise<AuthorizeBody> {
  let authorize: AuthorizeBody | undefined;
  await relay.reach(
    `an authorization that is ${state}`,
    async () => (authorize = await REACHED[state](relay)),
  );
  return authorize!;
}

async function authorized(relay: Conversation): Promise<AuthorizeBody> {
  const authorize = relay.newAuthorize();
  const { approvedAmount = PRICE } = await relay.authorize(authorize, 'approved');
  if (approvedAmount >= PRICE) return authorize;
  throw new CannotPlay(`this card is approved for ${approvedAmount} only: give another by --card`);
}

async function followed(relay: Conversation, verb: 'reverse' | 'capture'): Promise<AuthorizeBody> {
  const authorize = await authorized(relay);
  await relay.followUp(verb, relay.newFollowUp(verb, authorize, PRICE), 'done');
  await relay.expectHold(authorize, { held: 0, captured: verb === 'capture' ? PRICE : 0 });
  return authorize;
}

const NOTHING = { held: 0, captured: 0 };
const WHOLE = { state: 'held', held: PRICE, captured: 0 } as const;
const TAKEN = { state: 'captured', captured: PRICE } as const;
/** A relay need not remember what it declined. */
const NO = ['refused', 'unknown-authorization'] as const;

type Hold = Parameters<Conversation['expectHold']>[1];
type Cell = [FollowUpVerb, State, readonly Outcome[], Hold, Pick<Check, 'needs' | 'without'>?];

const CELLS: readonly Cell[] = [
  ['adjust', 'never seen', NO, NOTHING],
  ['adjust', 'held', ['done'], { state: 'held', held: DISCOUNTED }, { needs: ['shrink'] }],
  ['adjust', 'held', ['refused'], WHOLE, { without: 'shrink' }],
  ['adjust', 'reversed', ['refused'], NOTHING],
  ['adjust', 'declined', NO, NOTHING],
  ['adjust', 'captured', ['refused'], TAKEN],
  ['reverse', 'never seen', ['done'], NOTHING],
  ['reverse', 'held', ['done'], NOTHING],
  ['reverse', 'reversed', ['done'], NOTHING],
  ['reverse', 'declined', ['done'], NOTHING],
  ['reverse', 'captured', ['refused'], TAKEN],
  ['capture', 'never seen', NO, NOTHING],
  ['capture', 'held', ['done'], { ...TAKEN, held: 0 }],
  ['capture', 'reversed', ['refused'], NOTHING],
  ['capture', 'declined', NO, NOTHING],
  ['capture', 'captured', ['done'], TAKEN],
  ['refund', 'never seen', NO, NOTHING, { needs: ['refund'] }],
  ['refund', 'held', ['refused'], WHOLE, { needs: ['refund'] }],
  ['refund', 'reversed', ['refused'], NOTHING, { needs: ['refund'] }],
  ['refund', 'declined', NO, NOTHING, { needs: ['refund'] }],
  ['refund', 'captured', ['done'], { ...TAKEN, refunded: DISCOUNTED }, { needs: ['refund'] }],
];

export const TABLE_CHECKS: readonly Check[] = [
  {
    name: 'authorize × never seen: approved, with approvalCode and networkReference',
    rule: 'network table, authorize × never seen: approve or decline, remembered. This card must be approved: give one by --card',
    play: async (relay) => {
      const authorize = relay.newAuthorize();
      const reply = await relay.authorize(authorize, 'approved');
      const { approvalCode, networkReference, approvedAmount = PRICE } = reply;
      const { partialApproval } = relay.capabilities;
      const fits = partialApproval ? approvedAmount <= PRICE : approvedAmount === PRICE;
      if (approvalCode && networkReference && fits) return;
      const amount = partialApproval ? `at most ${PRICE}` : `${PRICE}, as partialApproval is not declared`;
      throw relay.finding(
        'authorize',
        authorize,
        `approvalCode, networkReference, and approvedAmount ${amount}`,
        JSON.stringify(reply),
      );
    },
  },
  ...(['held', 'captured'] as const).map(sameApproval),
  ...(['reversed', 'declined'] as const).map((state): Check => ({
    name: `authorize × ${state}: declined`,
    rule: `network table, authorize × ${state}: declined${state === 'reversed' ? ' (F10, never resurrected)' : ''}`,
    play: async (relay) => {
      const authorize = await reach(relay, state);
      await relay.authorize(authorize, 'declined');
      await relay.expectHold(authorize, NOTHING);
    },
  })),
  ...CELLS.map(([verb, state, outcomes, hold, condition]): Check => ({
    name: `${verb} × ${state}: ${outcomes[0]}${condition?.without ? `, as ${condition.without} is not declared` : ''}`,
    rule: `network table, ${verb} × ${state}`,
    ...condition,
    play: async (relay) => {
      const authorize = await reach(relay, state);
      if (condition?.without && relay.isStandIn(authorize)) {
        throw new CannotPlay('a stand-in approval is lowered by advice on every rail');
      }
      const amount = verb === 'capture' ? PRICE : DISCOUNTED;
      await relay.followUp(verb, relay.newFollowUp(verb, authorize, amount), ...outcomes);
      await relay.expectHold(authorize, hold);
    },
  })),
];

function sameApproval(state: 'held' | 'captured'): Check {
  return {
    name: `authorize × ${state}: approved as before`,
    rule: `network table, authorize × ${state}: the same id is answered the same way`,
    play: async (relay) => {
      await reach(relay, 'held');
      const authorize = relay.newAuthorize();
      let first = {};
      await relay.reach('an approval', async () => (first = await relay.authorize(authorize, 'approved')));
      if (state === 'captured') {
        await relay.reach('a capture', () =>
          relay.followUp('capture', relay.newFollowUp('capture', authorize, PRICE), 'done'),
        );
      }
      const again = await relay.authorize(authorize, 'approved');
      if (same(first, again)) {
        await relay.expectHold(authorize, state === 'held' ? WHOLE : { ...TAKEN, held: 0 });
        return;
      }
      throw relay.finding('authorize', authorize, JSON.stringify(first), JSON.stringify(again));
    },
  };
}
