import {
  isPrincipal,
  mayCall,
  SERVICES,
  type Caller,
  type Principal,
  type RequestContract,
  type Service,
} from './contract.ts';
import { CONTRACTS } from './contracts.ts';
import { DEAD_LETTER_STREAM, EVENT_CONSUMERS, EVENT_STREAMS } from './event-streams.ts';

/** Subjects that one NATS user may publish and subscribe; whatever is not listed is refused by the server. */
export interface NatsPermissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /**
   * The user answers requests: it may publish once to the reply subject of a message it received, and so writes into no
   * inbox whose owner asked it nothing. Relays only, which are somebody else's. A service is given its callers' inboxes:
   * nats-server keeps an entry for every event that it delivers to such a user, and beyond 4,096 goes through all of them
   * at every delivery. Must outlive the longest deadline of a request.
   */
  readonly allowResponses?: { readonly max: number; readonly expiresMs: number };
}

/** The relay that each service answers as, beside its own requests, and may ask as. */
export const RELAY_OF_SERVICE: Partial<Record<Service, string>> = { 'network-simulator': 'sim' };

const RESPONSES = { max: 1, expiresMs: 300_000 };
const RELAY_NAME = /^[a-z][a-z0-9-]{0,31}$/;

/**
 * NATS permissions of one principal or one relay, taken from the contracts.
 * @throws RangeError if the relay's name is a principal's, or cannot be one token of a subject
 */
export function permissionsFor(user: Principal | { relay: string }): NatsPermissions {
  if (typeof user === 'object') return relayPermissions(user.relay);
  if (user === 'deployer') return deployerPermissions();
  return isService(user) ? servicePermissions(user) : callerPermissions(user);
}

/** As nats-server's configuration writes them. */
export function serverPermissions({ publish, subscribe, allowResponses }: NatsPermissions) {
  return {
    publish: { allow: publish },
    subscribe: { allow: subscribe },
    ...(allowResponses && {
      allow_responses: { max: allowResponses.max, expires: `${allowResponses.expiresMs}ms` },
    }),
  };
}

/**
 * Where a user is answered; it alone may read there. Relays have a branch of their own, since services answer them by a
 * wildcard: who they are is not known when permissions are written.
 */
export function inboxPrefix(name: string): string {
  return isPrincipal(name) ? `_INBOX_${name}` : `_INBOX_relay.${name}`;
}

function servicePermissions(service: Service): NatsPermissions {
  const relay = RELAY_OF_SERVICE[service];
  return {
    publish: [
      ...requestsOf(service),
      ...(relay ? requestsOf(relay) : []),
      ...(service === 'settlement-relay' ? ['couplet.network.*.*.*'] : []),
      ...EVENT_STREAMS.filter(({ publisher }) => publisher === service).map(({ subject }) => subject),
      ...consumersOf(service).flatMap(({ stream, durable }) => [
        `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
        `$JS.ACK.${stream}.${durable}.>`,
      ]),
      ...(consumersOf(service).length > 0 ? [`couplet.dead-letter.${service}.>`] : []),
      ...inboxesOfCallers(service),
    ],
    subscribe: [
      inboxOf(service),
      `couplet.request.${service}.*.*.*`,
      ...(relay ? [`couplet.network.${relay}.>`] : []),
      ...discoveryOf(service),
    ],
  };
}

function relayPermissions(relay: string): NatsPermissions {
  if (isPrincipal(relay)) throw new RangeError(`"${relay}" is a principal's name and cannot be a relay's`);
  if (!RELAY_NAME.test(relay)) {
    throw new RangeError(`"${relay}" is no relay name: lower-case letters, digits and hyphens, at most 32`);
  }
  return {
    publish: requestsOf(relay),
    subscribe: [inboxOf(relay), `couplet.network.${relay}.>`],
    allowResponses: RESPONSES,
  };
}

/** Asks, but answers nobody. The operator also finds services, and reads events and dead letters. */
function callerPermissions(caller: 'gateway' | 'operator'): NatsPermissions {
  const operating = [
    '$SRV.>',
    '$JS.API.INFO',
    '$JS.API.STREAM.NAMES',
    '$JS.API.STREAM.LIST',
    ...streamNames().flatMap((stream) => [
      `$JS.API.STREAM.INFO.${stream}`,
      `$JS.API.STREAM.MSG.GET.${stream}`,
      `$JS.API.DIRECT.GET.${stream}.>`,
      `$JS.API.CONSUMER.NAMES.${stream}`,
      `$JS.API.CONSUMER.LIST.${stream}`,
      `$JS.API.CONSUMER.INFO.${stream}.*`,
    ]),
  ];
  return {
    publish: [...requestsOf(caller), ...(caller === 'operator' ? operating : [])],
    subscribe: [inboxOf(caller)],
  };
}

/** Creates streams and consumers, resets consumers (delete, then create), and neither reads nor writes a message. */
function deployerPermissions(): NatsPermissions {
  return {
    publish: [
      '$JS.API.INFO',
      '$JS.API.STREAM.NAMES',
      ...streamNames().flatMap((stream) => [
        `$JS.API.STREAM.INFO.${stream}`,
        `$JS.API.STREAM.CREATE.${stream}`,
        `$JS.API.STREAM.UPDATE.${stream}`,
        `$JS.API.CONSUMER.INFO.${stream}.*`,
      ]),
      // The three ways in which servers before and after 2.10 take the creation of a durable consumer.
      ...EVENT_CONSUMERS.flatMap(({ stream, durable }) => [
        `$JS.API.CONSUMER.CREATE.${stream}.${durable}`,
        `$JS.API.CONSUMER.CREATE.${stream}.${durable}.>`,
        `$JS.API.CONSUMER.DURABLE.CREATE.${stream}.${durable}`,
        `$JS.API.CONSUMER.DELETE.${stream}.${durable}`,
      ]),
    ],
    subscribe: [inboxOf('deployer')],
  };
}

function requestsOf(caller: string): string[] {
  const requests = CONTRACTS.filter((contract): contract is RequestContract => contract.kind === 'request');
  const subjects = requests
    .filter((contract) => mayCall(contract, caller))
    .map(({ service, verb }) => `couplet.request.${service}.${verb}.*.${caller}`);
  return [...new Set(subjects)];
}

/** The operator finds services; settlement-relay asks card networks; a service that asks as a relay reads its own inbox. */
function inboxesOfCallers(service: Service): string[] {
  const callers = new Set<Caller>(['operator']);
  for (const contract of CONTRACTS) {
    if (contract.kind === 'request' && contract.service === service)
      contract.callers.forEach((caller) => callers.add(caller));
  }
  if (RELAY_OF_SERVICE[service]) callers.add('settlement-relay');
  const relays = ['_INBOX_relay.*.>', ...SERVICES.filter((asker) => RELAY_OF_SERVICE[asker]).map(inboxOf)];
  return [...new Set([...callers].flatMap((caller) => (caller === 'relay' ? relays : inboxOf(caller))))];
}

/** One subscription for each way in which a client asks: every service, those of a name, one instance. */
function discoveryOf(service: string): string[] {
  return ['PING', 'INFO', 'STATS'].flatMap((verb) => [
    `$SRV.${verb}`,
    `$SRV.${verb}.${service}`,
    `$SRV.${verb}.${service}.*`,
  ]);
}

function consumersOf(service: Service) {
  return EVENT_CONSUMERS.filter(({ durable }) => durable === service);
}

function streamNames(): string[] {
  return [...EVENT_STREAMS.map(({ name }) => name), DEAD_LETTER_STREAM];
}

function inboxOf(name: string): string {
  return `${inboxPrefix(name)}.>`;
}

function isService(name: string): name is Service {
  return SERVICES.some((service) => service === name);
}
