import {
  AuthorizeV1,
  CapabilitiesV1,
  InspectV1,
  networkSubject,
  type NetworkContract,
} from '@couplet/contracts';
import type { Check } from '../check.ts';
import { type AuthorizeBody, type Body, type Conversation, FOLLOW_UPS, shown } from '../conversation.ts';
import { reach } from './table.ts';

const RULE = 'RFC 9457 body with the headers Nats-Service-Error and Nats-Service-Error-Code, and no effect';
const PROBLEM = 'a problem: its body and both headers';
const WITH_AMOUNTS = { authorize: AuthorizeV1, adjust: FOLLOW_UPS.adjust, capture: FOLLOW_UPS.capture };

/** What a broken client, or a newer one, may send. */
export const INPUT_CHECKS: readonly Check[] = [
  malformed('text that is not JSON', AuthorizeV1, () => '{"authorizationId": '),
  malformed('an empty body', AuthorizeV1, () => ''),
  malformed('an array', AuthorizeV1, () => '[]'),
  ...Object.values({ authorize: AuthorizeV1, ...FOLLOW_UPS, inspect: InspectV1 }).map((contract) =>
    malformed('no fields', contract, () => '{}'),
  ),
  malformed('an id that is no UUID', InspectV1, () => '{"authorizationId":"1"}'),
  ...Object.values(WITH_AMOUNTS).flatMap((contract) =>
    Object.entries({
      'a negative amount': -1,
      'an amount with a fraction': 1.5,
      'an amount as text': '386',
    }).map(([what, amount]) => malformed(what, contract, (body) => JSON.stringify({ ...body, amount }))),
  ),
  malformed('neither id nor reference of the card', AuthorizeV1, (body) =>
    JSON.stringify({ ...body, payment: { kind: 'credit-card' } }),
  ),
  unknown('a verb that there is not', 'levitate', 1),
  unknown('a version that there is not', 'authorize', 99),
  {
    name: 'fields that it does not know are passed over',
    rule: 'optional fields may be added to v1',
    play: async (relay) => {
      await reach(relay, 'held');
      await relay.authorize(relay.newAuthorize({ addedLater: { note: 'x' } }), 'approved');
    },
  },
  {
    name: 'after all that it still answers',
    rule: 'no message ends a relay',
    play: async (relay) => {
      await relay.reply(CapabilitiesV1, {});
    },
  },
];

/** @param payload of a body that would otherwise be good */
function malformed(what: string, contract: NetworkContract, payload: (body: Body) => string): Check {
  return {
    name: `${contract.verb} with ${what} is answered with a problem`,
    rule: RULE,
    play: async (relay) => {
      const authorize = relay.newAuthorize();
      const sent = payload(bodyOf(contract, authorize, relay));
      const answer = await relay.wire.send(networkSubject(contract, relay.wire.relay), sent);
      if (answer.kind !== 'problem') throw relay.finding(contract.verb, sent, PROBLEM, shown(answer));
      await relay.expectHold(authorize, { held: 0 });
    },
  };
}

function bodyOf({ verb }: NetworkContract, authorize: AuthorizeBody, relay: Conversation): Body {
  return verb === 'adjust' || verb === 'capture' ? relay.newFollowUp(verb, authorize) : authorize;
}

/** A relay that listens on its own subjects only leaves this one to nobody, which says as much. */
function unknown(what: string, verb: string, version: number): Check {
  return {
    name: `${what} is answered with a problem, or by nobody`,
    rule: `${RULE}; no listener tells as much`,
    play: async (relay) => {
      const answer = await relay.wire.send(`couplet.network.${relay.wire.relay}.${verb}.v${version}`, '{}');
      if (answer.kind === 'problem' || answer.kind === 'nobody') return;
      throw relay.finding(`${verb}.v${version}`, {}, `${PROBLEM}; or no listener`, shown(answer));
    },
  };
}
