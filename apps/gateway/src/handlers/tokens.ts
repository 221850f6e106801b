/** Nest provider tokens, and the one path that is named twice. */
export const CLIENTS = Symbol('gateway.clients');
export const ISSUER = Symbol('gateway.issuer');
export const KEYS = Symbol('gateway.keys');
export const ACCESS_TOKENS = Symbol('gateway.access-tokens');
export const AUTHENTICATION = Symbol('gateway.authentication');
export const SIGN_INS = Symbol('gateway.sign-ins');
export const RATE_LIMITS = Symbol('gateway.rate-limits');
export const EXCHANGE = Symbol('gateway.exchange');
export const HEALTH = Symbol('gateway.health');
export const METRICS = Symbol('gateway.metrics');
export const LIFETIMES = Symbol('gateway.lifetimes');
export const TOKEN_PATH = '/oauth/token';
