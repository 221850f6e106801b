import { randomBytes } from 'node:crypto';
import { permissionsFor, serverPermissions, SERVICES, type Service } from '@couplet/contracts';
import type { NatsUser } from '@couplet/infra';

/** The card network's relay, as which the tills of the demo ask. */
export const RELAY = 'sim';
/** Reads every message for the timeline, and may send none. Only the demo has such a user. */
export const OBSERVER = 'observer';

/** Who has a NATS user in every deployment, beside its relays. */
export const PRINCIPALS = [...SERVICES, 'operator', 'deployer'] as const;

export type UserName = Service | 'operator' | 'deployer' | typeof RELAY | typeof OBSERVER;

/** The users of the demo, each with a new password of its own. */
export function natsUsers(): (NatsUser & { user: UserName })[] {
  return [
    ...PRINCIPALS.map((user) => principalUser(user, newPassword())),
    relayUser(RELAY, newPassword()),
    {
      user: OBSERVER,
      password: newPassword(),
      permissions: { publish: { deny: ['>'] }, subscribe: { allow: ['>'] } },
    },
  ];
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
