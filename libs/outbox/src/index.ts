export { type OutboxEvent, appendEvents, appendEventsOf, eventsJson } from './append-events.ts';
export { CreateOutboxTables1767225600001 } from './create-outbox-tables.ts';
export { recordOnce, recordUnseen } from './inbox.ts';
export { OutboxRelay, type OutboxRelayOptions, type RelayLogger } from './outbox-relay.ts';
export { pruneOutbox } from './prune.ts';
export { replay } from './replay.ts';
