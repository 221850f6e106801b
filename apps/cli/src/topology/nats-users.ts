import { randomBytes } from 'node:crypto';
import { permissionsFor, SERVICES, type NatsPermissions, type Service } from '@couplet/contracts';
import type { NatsUser } from '@couplet/infra';

/** The card network's relay, as which the tills of the demo ask. */
export const RELAY = 'sim';
/** Reads every message for the timeline, and may send none. Only the demo has such a user. */
export const OBSERVER = 'observer';

export type UserName = Service | 'operator' | 'deployer' | typeof RELAY | typeof OBSERVER;

/** One NATS user per service, relay and principal, each with a password of its own and the permissions of its contracts. */
export function natsUsers(): (NatsUser & { user: UserName })[] {
  const principals = [...SERVICES, 'operator', 'deployer'] as const;
  return [
    ...principals.map((user) => userOf(user, permissionsFor(user))),
    userOf(RELAY, permissionsFor({ relay: RELAY })),
    {
      user: OBSERVER,
      password: password(),
      permissions: { publish: { deny: ['>'] }, subscribe: { allow: ['>'] } },
    },
  ];
}

function userOf(
  user: UserName,
  { publish, subscribe, allowResponses }: NatsPermissions,
): NatsUser & { user: UserName } {
  return {
    user,
    password: password(),
    permissions: {
      publish: { allow: publish },
      subscribe: { allow: subscribe },
      ...(allowResponses && {
        allow_responses: { max: allowResponses.max, expires: `${allowResponses.expiresMs}ms` },
      }),
    },
  };
}

function password(): string {
  return randomBytes(24).toString('base64url');
}
