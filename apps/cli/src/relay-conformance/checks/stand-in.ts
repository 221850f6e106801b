import type { Check } from '../check.ts';
import { DISCOUNTED } from '../conversation.ts';
import { CannotPlay } from '../finding.ts';
import { reach } from './table.ts';

export const STAND_IN_CHECKS: readonly Check[] = [
  {
    name: 'an advice lowers a stand-in approval, and is not refused',
    rule: 'network.adjust.v1: an advice may only be acknowledged (F12)',
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      if (!relay.isStandIn(authorize)) {
        throw new CannotPlay('this card is not approved by stand-in: give one that is by --card');
      }
      await relay.followUp('adjust', relay.newFollowUp('adjust', authorize), 'done');
      await relay.expectHold(authorize, { held: DISCOUNTED });
    },
  },
];
