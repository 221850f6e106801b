export const POOL = Symbol('pool');
export const LOGGER = Symbol('logger');
