export const POOL = Symbol('POOL');
export const CLOCK_TOLERANCE_MS = Symbol('CLOCK_TOLERANCE_MS');
