import type { z } from 'zod';

/**
 * The two kinds of message on Couplet's wire, requests and events, and the request a card network answers.
 * A contract is one file: subject, schemas, who sends and who reads it. Everything else that must know a message
 * (JSON Schema, AsyncAPI, NATS permissions, handlers, clients) takes it from here.
 */
export type Contract = RequestContract | EventContract | NetworkContract;

/** Who may ask: any payment-network relay, or a principal by its name (a service, `gateway`, `operator`). */
export type Caller = 'relay' | Principal;

export const SERVICES = [
  'issuance',
  'medium-registry',
  'barcode',
  'settlement-relay',
  'analytics',
  'network-simulator',
] as const;
export type Service = (typeof SERVICES)[number];

/** What runs: the services, and the gateway, which answers HTTP and nothing on NATS. Each has a schema and a credential. */
export const PROGRAMS = [...SERVICES, 'gateway'] as const;
export type Program = (typeof PROGRAMS)[number];

/** Everybody with a credential but the relays. `deployer` creates streams and consumers, and asks nothing. */
export const PRINCIPALS = [...PROGRAMS, 'operator', 'deployer'] as const;
export type Principal = (typeof PRINCIPALS)[number];

/** Asked on `<subject>.<caller>`: the last token names the caller, and NATS binds it to the credential. */
export interface RequestContract<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly kind: 'request';
  readonly service: Service;
  readonly verb: string;
  readonly version: number;
  /** `couplet.request.<service>.<verb>.v<version>`, without the caller. */
  readonly subject: string;
  readonly callers: readonly Caller[];
  readonly summary: string;
  readonly request: Request;
  readonly reply: Reply;
}

/** Published once on JetStream by its service's outbox, delivered at least once to every consumer. */
export interface EventContract<Payload extends z.ZodType = z.ZodType> {
  readonly kind: 'event';
  readonly service: Service;
  readonly fact: string;
  readonly version: number;
  /** `couplet.event.<service>.<fact>.v<version>` */
  readonly subject: string;
  readonly consumers: readonly Service[];
  readonly summary: string;
  readonly payload: Payload;
}

/** Asked by settlement-relay of the relay that asked it to settle, on `couplet.network.<relay>.<verb>.v<version>`. */
export interface NetworkContract<Request extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> {
  readonly kind: 'network';
  readonly verb: string;
  readonly version: number;
  readonly summary: string;
  readonly request: Request;
  readonly reply: Reply;
}

export function request<Request extends z.ZodType, Reply extends z.ZodType>(
  contract: Omit<RequestContract<Request, Reply>, 'kind' | 'subject'>,
): RequestContract<Request, Reply> {
  const subject = `couplet.request.${contract.service}.${contract.verb}.v${contract.version}`;
  return { kind: 'request', subject, ...contract };
}

export function event<Payload extends z.ZodType>(
  contract: Omit<EventContract<Payload>, 'kind' | 'subject'>,
): EventContract<Payload> {
  const subject = `couplet.event.${contract.service}.${contract.fact}.v${contract.version}`;
  return { kind: 'event', subject, ...contract };
}

export function network<Request extends z.ZodType, Reply extends z.ZodType>(
  contract: Omit<NetworkContract<Request, Reply>, 'kind'>,
): NetworkContract<Request, Reply> {
  return { kind: 'network', ...contract };
}

/** Name of a contract for people and file names: `settlement-relay.settle.v1`, `network.authorize.v1`. */
export function contractName(contract: Contract): string {
  switch (contract.kind) {
    case 'request':
      return `${contract.service}.${contract.verb}.v${contract.version}`;
    case 'event':
      return `${contract.service}.${contract.fact}.v${contract.version}`;
    case 'network':
      return `network.${contract.verb}.v${contract.version}`;
  }
}

/** Subject on which `caller` asks. */
export function requestSubject(contract: RequestContract, caller: string): string {
  return `${contract.subject}.${caller}`;
}

/** Subject on which the relay of that name is asked. */
export function networkSubject(contract: NetworkContract, relay: string): string {
  return `couplet.network.${relay}.${contract.verb}.v${contract.version}`;
}

/** A caller whose name is no principal's is a payment-network relay. */
export function mayCall(contract: RequestContract, caller: string): boolean {
  return contract.callers.some(
    (allowed) => allowed === caller || (allowed === 'relay' && !isPrincipal(caller)),
  );
}

export function isPrincipal(name: string): name is Principal {
  return PRINCIPALS.some((principal) => principal === name);
}
