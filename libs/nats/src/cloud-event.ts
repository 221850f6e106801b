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
  const carried = headers(); // Appended: `set` would look for each name twice.
  carried.append('ce-specversion', '1.0');
  carried.append('ce-id', event.id);
  carried.append('ce-source', event.source);
  carried.append('ce-type', event.subject);
  carried.append('ce-time', event.time);
  carried.append('content-type', 'application/json');
  if (event.traceparent !== undefined) carried.append(TRACEPARENT_HEADER, event.traceparent);
  return carried;
}

/** @returns which attribute is missing when the headers are no CloudEvent */
export function readCloudEvent(carried: MsgHdrs | undefined): CloudEvent | { missing: string } {
  const values = new Map(carried); // Each `get` of the library looks through all names.
  const first = (name: string): string => values.get(name)?.[0] ?? '';
  const event = { id: first('ce-id'), type: first('ce-type'), time: first('ce-time') };
  const missing = Object.entries(event).find(([, value]) => value === '');
  if (missing) return { missing: `ce-${missing[0]}` };
  const traceparent = first(TRACEPARENT_HEADER);
  return traceparent ? { ...event, traceparent } : event;
}
