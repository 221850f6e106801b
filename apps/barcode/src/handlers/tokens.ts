export const ISSUING = Symbol('issuing');
export const SCANNING = Symbol('scanning');
export const OUTBOX = Symbol('outbox');
