import { SERVICES, type EventContract, type Service } from './contract.ts';
import { CONTRACTS } from './contracts.ts';

/** One JetStream stream per publishing service; it binds that service's events and nothing else. */
export interface EventStream {
  readonly name: string;
  readonly publisher: Service;
  readonly subject: string;
}

/** What one service reads of one stream: a durable pull consumer of the service's name. */
export interface EventConsumer {
  readonly stream: string;
  readonly publisher: Service;
  readonly durable: Service;
}

export const DEAD_LETTER_STREAM = 'DEAD_LETTER';
export const DEAD_LETTER_SUBJECTS = 'couplet.dead-letter.>';

export const EVENT_STREAMS: readonly EventStream[] = SERVICES.filter((service) =>
  eventContracts().some((contract) => contract.service === service),
).map((publisher) => ({
  name: eventStreamName(publisher),
  publisher,
  subject: `couplet.event.${publisher}.>`,
}));

export const EVENT_CONSUMERS: readonly EventConsumer[] = EVENT_STREAMS.flatMap(({ name, publisher }) =>
  SERVICES.filter((service) =>
    eventContracts().some(
      (contract) => contract.service === publisher && contract.consumers.includes(service),
    ),
  ).map((durable) => ({ stream: name, publisher, durable })),
);

/** `EVENT_MEDIUM_REGISTRY` */
export function eventStreamName(publisher: Service): string {
  return `EVENT_${publisher.toUpperCase().replaceAll('-', '_')}`;
}

/** Where a service puts a message it could not process: `couplet.dead-letter.<service>.<subject of the message>`. */
export function deadLetterSubject(service: string, subject: string): string {
  return `couplet.dead-letter.${service}.${subject}`;
}

function eventContracts(): EventContract[] {
  return CONTRACTS.filter((contract) => contract.kind === 'event');
}
