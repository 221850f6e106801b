import { randomUUID } from 'node:crypto';

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}(?:$|-)/;

/** W3C Trace Context: the one given when it is well-formed, else the start of a new trace. */
export function traceparentOf(received: string | undefined): string {
  if (received && TRACEPARENT.test(received)) return received;
  return `00-${randomHex()}-${randomHex().slice(16)}-01`;
}

/** 32 digits. Node.js keeps random UUIDs in store, so that this costs a tenth of `randomBytes`. */
const randomHex = (): string => randomUUID().replaceAll('-', '');

/** The 32 hexadecimal digits that name the trace. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35);
}
