/** What the caller still waits, in milliseconds from the arrival of the request. */
export const TIMEOUT_HEADER = 'Couplet-Timeout-Ms';
export const TRACEPARENT_HEADER = 'traceparent';
/** Seconds, as in HTTP. */
export const RETRY_AFTER_HEADER = 'Retry-After';
export const MESSAGE_ID_HEADER = 'Nats-Msg-Id';
