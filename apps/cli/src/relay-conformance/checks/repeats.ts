import { AuthorizeV1 } from '@couplet/contracts';
import type { Check } from '../check.ts';
import { type Conversation, DISCOUNTED, type FollowUpVerb, PRICE } from '../conversation.ts';
import { same } from './same.ts';
import { reach } from './table.ts';

const COPIES = 10;

/** Everything is sent again until it is answered, so everything arrives twice. */
export const REPEAT_CHECKS: readonly Check[] = [
  repeated('adjust', 'held', { held: DISCOUNTED }, ['shrink']),
  repeated('reverse', 'held', { held: 0, captured: 0 }),
  repeated('capture', 'held', { held: 0, captured: PRICE }),
  repeated('refund', 'captured', { captured: PRICE, refunded: DISCOUNTED }, ['refund']),
  {
    name: 'an adjust that is repeated after a lower one does not raise the hold',
    rule: 'network.adjust.v1: idempotent by requestId, and it only lowers (F3)',
    needs: ['shrink'],
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      const first = relay.newFollowUp('adjust', authorize, PRICE - 1);
      await relay.reach('two adjusts', async () => {
        await relay.followUp('adjust', first, 'done');
        await relay.followUp('adjust', relay.newFollowUp('adjust', authorize), 'done');
        await relay.expectHold(authorize, { held: DISCOUNTED });
      });
      await relay.followUp('adjust', first, 'done', 'refused');
      await relay.expectHold(authorize, { held: DISCOUNTED });
    },
  },
  {
    name: `${COPIES} copies of an authorize at once are answered alike`,
    rule: 'network table, authorize × held: the same id is answered the same way',
    play: async (relay) => {
      await reach(relay, 'held');
      const authorize = relay.newAuthorize();
      const answers = await atOnce(COPIES, () => relay.authorize(authorize, 'approved'));
      const other = answers.find((answer) => !same(answer, answers[0]!));
      if (!other) return relay.expectHold(authorize, { state: 'held', held: PRICE });
      throw relay.finding('authorize', authorize, JSON.stringify(answers[0]), JSON.stringify(other));
    },
  },
  {
    name: `${COPIES} copies of a capture at once take the money once`,
    rule: 'network table, capture × captured: done, once',
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      const capture = relay.newFollowUp('capture', authorize, PRICE);
      await atOnce(COPIES, () => relay.followUp('capture', capture, 'done'));
      await relay.expectHold(authorize, { held: 0, captured: PRICE });
    },
  },
  {
    name: `${COPIES} copies of a refund at once give the money back once`,
    rule: 'network table, refund × captured: once, done',
    needs: ['refund'],
    play: async (relay) => {
      const authorize = await reach(relay, 'captured');
      const refund = relay.newFollowUp('refund', authorize, 1);
      await atOnce(COPIES, () => relay.followUp('refund', refund, 'done'));
      await relay.expectHold(authorize, { refunded: 1 });
    },
  },
  {
    name: 'an authorize that repeats an id with another amount opens no second hold',
    rule: 'network.authorize.v1: authorizationId is the idempotency key',
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      await relay.wire.ask(AuthorizeV1, { ...authorize, amount: PRICE + 1 });
      await relay.expectHold(authorize, { state: 'held', held: PRICE });
    },
  },
];

function repeated(
  verb: FollowUpVerb,
  state: 'held' | 'captured',
  hold: Parameters<Conversation['expectHold']>[1],
  needs?: Check['needs'],
): Check {
  return {
    name: `${verb} that is repeated is answered the same, and done once`,
    rule: `network.${verb}.v1: idempotent by requestId`,
    ...(needs && { needs }),
    play: async (relay) => {
      const authorize = await reach(relay, state);
      const body = relay.newFollowUp(verb, authorize, verb === 'capture' ? PRICE : DISCOUNTED);
      await relay.reach(`one ${verb}`, async () => {
        await relay.followUp(verb, body, 'done');
        await relay.expectHold(authorize, hold);
      });
      await relay.followUp(verb, body, 'done');
      await relay.expectHold(authorize, hold);
    },
  };
}

export function atOnce<Result>(times: number, work: () => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: times }, work));
}
