import type { Check } from '../check.ts';
import { PRICE } from '../conversation.ts';
import { same } from './same.ts';
import { reach } from './table.ts';

/** What the other checks read; the rest is not proven by `inspect` when these fail. */
export const INSPECT_CHECKS: readonly Check[] = [
  {
    name: 'inspect × never seen: unknown, and nothing held',
    rule: 'network.inspect.v1: state unknown, amounts 0',
    play: (relay) =>
      relay.expectHold(relay.newAuthorize(), { state: 'unknown', held: 0, captured: 0, refunded: 0 }),
  },
  {
    name: 'inspect × held: the whole hold',
    rule: 'network.inspect.v1: what is held, captured and refunded',
    play: async (relay) => {
      const authorize = await reach(relay, 'held');
      await relay.expectHold(authorize, { state: 'held', held: PRICE, captured: 0, refunded: 0 });
    },
  },
];

export const CAPABILITIES_CHECKS: readonly Check[] = [
  {
    name: 'capabilities are told alike each time',
    rule: 'network.capabilities.v1: settlement-relay keeps the answer for a minute and chooses its strategy by it',
    play: async (relay) => {
      const told = await relay.declared();
      if (same(told, relay.capabilities)) return;
      throw relay.finding('capabilities', {}, JSON.stringify(relay.capabilities), JSON.stringify(told));
    },
  },
];
