import type { Check } from '../check.ts';
import { type AuthorizeBody, type Conversation, DISCOUNTED, PRICE } from '../conversation.ts';
import { reach } from './table.ts';

export const AMOUNT_CHECKS: readonly Check[] = [
  {
    name: 'adjust above the hold is refused',
    rule: 'network.adjust.v1: it lowers a hold',
    needs: ['shrink'],
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      await relay.followUp('adjust', relay.newFollowUp('adjust', authorize, PRICE + 1), 'refused');
      await relay.expectHold(authorize, { held: PRICE });
    },
  },
  {
    name: 'capture above the hold is refused',
    rule: 'network.capture.v1: at most the held amount',
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      await relay.followUp('capture', relay.newFollowUp('capture', authorize, PRICE + 1), 'refused');
      await relay.expectHold(authorize, { held: PRICE, captured: 0 });
    },
  },
  {
    name: 'capture after adjust takes the discounted price and leaves nothing held',
    rule: 'F2',
    needs: ['shrink'],
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      await relay.reach('an adjusted hold', () =>
        relay.followUp('adjust', relay.newFollowUp('adjust', authorize), 'done'),
      );
      await relay.followUp('capture', relay.newFollowUp('capture', authorize), 'done');
      await relay.expectHold(authorize, { state: 'captured', held: 0, captured: DISCOUNTED });
    },
  },
  {
    name: 'capture below the hold takes that amount',
    rule: 'F3, F4: capture of the discounted price is legal whatever became of the adjust',
    needs: ['shrink', 'finalPartialCapture'],
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      await relay.followUp('capture', relay.newFollowUp('capture', authorize), 'done');
      await relay.expectHold(authorize, { state: 'captured', captured: DISCOUNTED });
    },
  },
  {
    name: 'capture below the hold frees the rest',
    rule: 'network.capabilities.v1: finalPartialCapture (S2)',
    needs: ['finalPartialCapture'],
    play: async (relay) => {
      const authorize = await capturedBelow(relay);
      await relay.expectHold(authorize, { held: 0 });
    },
  },
  {
    name: 'adjust to the captured amount frees the rest',
    rule: 'network table, release of the rest × captured: hold 0, done (F4)',
    needs: ['shrink', 'finalPartialCapture'],
    play: async (relay) => {
      const authorize = await capturedBelow(relay);
      await relay.followUp('adjust', relay.newFollowUp('adjust', authorize), 'done');
      await relay.expectHold(authorize, { held: 0, captured: DISCOUNTED });
    },
  },
  {
    name: 'refund in parts up to what was captured',
    rule: 'network.refund.v1: refunds never sum above what was captured (F19)',
    needs: ['refund'],
    play: async (relay) => {
      const authorize = await reach(relay, 'captured');
      await relay.followUp('refund', relay.newFollowUp('refund', authorize, DISCOUNTED), 'done');
      const rest = PRICE - DISCOUNTED;
      await relay.followUp('refund', relay.newFollowUp('refund', authorize, rest), 'done');
      await relay.expectHold(authorize, { captured: PRICE, refunded: PRICE });
    },
  },
  {
    name: 'refund above what was captured is refused',
    rule: 'network.refund.v1: refunds never sum above what was captured',
    needs: ['refund'],
    play: async (relay) => {
      const authorize = await reach(relay, 'captured');
      await relay.followUp('refund', relay.newFollowUp('refund', authorize, PRICE + 1), 'refused');
      await relay.expectHold(authorize, { refunded: 0 });
    },
  },
];

async function capturedBelow(relay: Conversation): Promise<AuthorizeBody> {
  const authorize = await reach(relay, 'held');
  await relay.reach('a capture below the hold', () =>
    relay.followUp('capture', relay.newFollowUp('capture', authorize), 'done'),
  );
  return authorize;
}
