import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { TRACEPARENT_HEADER } from './headers.ts';

/** CloudEvents 1.0 attributes, as the NATS binding carries them in binary mode: `ce-*` headers beside a plain JSON body. */
export interface CloudEvent {
  readonly id: string;
  readonly type: string;
  readonly time: string;
  readonly traceparent?: string;
}

export function cloudEventHeaders(event: {
  id: string;
  subject: string;
  source: string;
  time: string;
  traceparent?: string | undefined;
}): MsgHdrs {
  const carried = headers();
  carried.set('ce-specversion', '1.0');
  carried.set('ce-id', event.id);
  carried.set('ce-source', event.source);
  carried.set('ce-type', event.subject);
  carried.set('ce-time', event.time);
  carried.set('content-type', 'application/json');
  if (event.traceparent !== undefined) carried.set(TRACEPARENT_HEADER, event.traceparent);
  return carried;
}

/** @returns which attribute is missing when the headers are no CloudEvent */
export function readCloudEvent(carried: MsgHdrs | undefined): CloudEvent | { missing: string } {
  const missing = ['ce-id', 'ce-type', 'ce-time'].find((name) => !carried?.has(name));
  if (missing !== undefined || !carried) return { missing: missing ?? 'ce-id' };
  const event = { id: carried.get('ce-id'), type: carried.get('ce-type'), time: carried.get('ce-time') };
  const traceparent = carried.get(TRACEPARENT_HEADER);
  return traceparent ? { ...event, traceparent } : event;
}
