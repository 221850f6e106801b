export const REGISTRY = Symbol('registry');
export const OUTBOX = Symbol('outbox');
export const MEDIUM_TOKENS = Symbol('medium-tokens');
export const CLOCK = Symbol('clock');
export const DECIDERS = Symbol('deciders');
export const ISSUANCE = Symbol('issuance');
export const LOGGER = Symbol('logger');
export const RESOLVE_EVERY_MS = Symbol('resolve-every-ms');
