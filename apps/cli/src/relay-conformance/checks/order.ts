import type { Check } from '../check.ts';
import { type AuthorizeBody, type Conversation, DISCOUNTED, PRICE } from '../conversation.ts';
import { reach } from './table.ts';
import { atOnce } from './repeats.ts';

const RACES = 10;

/** What overtakes what it follows, comes too late, or comes at the same moment. */
export const ORDER_CHECKS: readonly Check[] = [
  {
    name: 'an authorize that its reversal overtook is declined, and holds nothing',
    rule: 'network table, reverse × never seen: record as reversed (F20)',
    play: async (relay) => {
      const authorize = relay.newAuthorize();
      await relay.reach('a reverse before its authorize', () =>
        relay.followUp('reverse', relay.newFollowUp('reverse', authorize), 'done'),
      );
      await relay.authorize(authorize, 'declined');
      await relay.expectHold(authorize, { held: 0 });
    },
  },
  {
    name: 'an authorize after its expiresAt is declined, and holds nothing',
    rule: 'network.authorize.v1: settlement-relay has given it up (F9, F10)',
    play: async (relay) => {
      const authorize = relay.newExpired();
      await relay.authorize(authorize, 'declined');
      await relay.expectHold(authorize, { held: 0 });
    },
  },
  {
    name: 'a capture that overtook its authorize does not take effect later',
    rule: 'network table, capture × never seen: refused',
    play: async (relay) => {
      await reach(relay, 'held');
      const authorize = relay.newAuthorize();
      const early = relay.newFollowUp('capture', authorize, PRICE);
      await relay.reach('a capture before its authorize', () =>
        relay.followUp('capture', early, 'refused', 'unknown-authorization'),
      );
      await relay.reach('an approval', () => relay.authorize(authorize, 'approved'));
      await relay.expectHold(authorize, { state: 'held', held: PRICE, captured: 0 });
      await relay.followUp('capture', relay.newFollowUp('capture', authorize, PRICE), 'done');
    },
  },
  {
    name: `${RACES} races of authorize and reverse, then a reverse: nothing is held`,
    rule: 'network table, reverse: after it every authorize of the id is declined (F9)',
    play: async (relay) => {
      await reachReversal(relay);
      await atOnce(RACES, async () => {
        const authorize = relay.newAuthorize();
        const reverse = () => relay.followUp('reverse', relay.newFollowUp('reverse', authorize), 'done');
        await Promise.all([relay.authorize(authorize, 'approved', 'declined'), reverse()]);
        await reverse();
        await relay.expectHold(authorize, { held: 0 });
      });
    },
  },
  {
    name: `${RACES} races of capture and reverse: one of the two is done`,
    rule: 'network table, reverse × captured and capture × reversed: refused',
    play: async (relay) => {
      await reachReversal(relay);
      for (let race = 0; race < RACES; race += 1) {
        const authorize = await reach(relay, 'held');
        const [capture, reverse] = await Promise.all([
          relay.followUp('capture', relay.newFollowUp('capture', authorize, PRICE), 'done', 'refused'),
          relay.followUp('reverse', relay.newFollowUp('reverse', authorize), 'done', 'refused'),
        ]);
        const got = `capture ${capture.outcome}, reverse ${reverse.outcome}`;
        if (capture.outcome === reverse.outcome) {
          throw relay.finding('capture and reverse', authorize, 'one of the two done', got);
        }
        const captured = capture.outcome === 'done' ? PRICE : 0;
        await relay.expectHold(authorize, { held: 0, captured });
      }
    },
  },
  {
    name: 'refunds at once never sum above what was captured',
    rule: 'network.refund.v1',
    needs: ['refund'],
    play: async (relay) => {
      const authorize = await reach(relay, 'captured');
      const refund = () =>
        relay.followUp('refund', relay.newFollowUp('refund', authorize, DISCOUNTED), 'done', 'refused');
      const answers = await atOnce(RACES, refund);
      const done = answers.filter(({ outcome }) => outcome === 'done').length;
      if (done !== 1) throw relay.finding('refund', authorize, 'one of them done', `${done} done`);
      await relay.expectHold(authorize, { refunded: DISCOUNTED });
    },
  },
  secondAuthorization('a reversal that was acknowledged', 'S3, F15', 'reversed'),
  secondAuthorization('a decline', 'F6', 'declined'),
];

function secondAuthorization(after: string, rule: string, state: 'reversed' | 'declined'): Check {
  return {
    name: `a second authorize of the settlement is approved after ${after}`,
    rule: `network.capabilities.v1: secondAuthorization (${rule})`,
    needs: ['secondAuthorization'],
    play: async (relay) => {
      await reach(relay, 'held');
      const { settlementId } = await reach(relay, state);
      const second = relay.newAuthorize({ settlementId, amount: DISCOUNTED });
      await relay.authorize(second, 'approved');
      await relay.expectHold(second, { state: 'held', held: DISCOUNTED });
    },
  };
}

/** Races tell nothing new where the two verbs fail by themselves. */
async function reachReversal(relay: Conversation): Promise<void> {
  const captured = await reach(relay, 'captured');
  const reversed = await reach(relay, 'reversed');
  const reverse = (authorize: AuthorizeBody) => relay.newFollowUp('reverse', authorize);
  await relay.reach('reversals that stand', async () => {
    await relay.followUp('reverse', reverse(captured), 'refused');
    await relay.followUp('reverse', reverse(reversed), 'done');
    await relay.authorize(reversed, 'declined');
    await relay.expectHold(reversed, { held: 0 });
  });
}
