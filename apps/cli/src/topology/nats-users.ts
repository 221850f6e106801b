import { randomBytes } from 'node:crypto';
import {
  permissionsFor,
  requestSubject,
  ReserveCouponsV1,
  serverPermissions,
  type Program,
  PROGRAMS,
} from '@couplet/contracts';
import type { NatsUser } from '@couplet/infra';

/** The card network's relay, as which the tills of the demo ask. */
export const RELAY = 'sim';
/** Reads every message for the timeline, and may send none. Only the demo has such a user. */
export const OBSERVER = 'observer';

/** Who has a NATS user in every deployment, beside its relays. */
export const PRINCIPALS = [...PROGRAMS, 'operator', 'deployer'] as const;

export type UserName = Program | 'operator' | 'deployer' | typeof RELAY | typeof OBSERVER;

/** What a fault scripted on the simulated card network may wait for: that the coupon search of a settlement was sent. */
export const SEARCH_SENT = requestSubject(ReserveCouponsV1, 'settlement-relay');

/** The users of the demo, each with a new password of its own. */
export function natsUsers(): (NatsUser & { user: UserName })[] {
  return [
    ...PRINCIPALS.map((user) => principalUser(user, newPassword())).map(letTheSimulatorWatch),
    relayUser(RELAY, newPassword()),
    {
      user: OBSERVER,
      password: newPassword(),
      permissions: { publish: { deny: ['>'] }, subscribe: { allow: ['>'] } },
    },
  ];
}

/** A real card network sees nothing of the search; only where it is simulated may a script make it wait for one. */
function letTheSimulatorWatch<User extends ReturnType<typeof principalUser>>(principal: User): User {
  if (principal.user !== 'network-simulator') return principal;
  const { permissions } = principal;
  const allow = [...permissions.subscribe.allow, SEARCH_SENT];
  return { ...principal, permissions: { ...permissions, subscribe: { allow } } };
}

/** The NATS user of a principal, with the permissions of its contracts and no others. */
export function principalUser<Name extends (typeof PRINCIPALS)[number]>(user: Name, password: string) {
  return { user, password, permissions: serverPermissions(permissionsFor(user)) };
}

/**
 * The NATS user of a relay.
 *
 * @throws RangeError if a relay cannot have this name
 */
export function relayUser<Name extends string>(relay: Name, password: string) {
  return { user: relay, password, permissions: serverPermissions(permissionsFor({ relay })) };
}

export function newPassword(): string {
  return randomBytes(24).toString('base64url');
}
