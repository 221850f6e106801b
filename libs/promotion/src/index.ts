export { evaluate } from './evaluate.ts';
export { prepareOffer } from './prepare.ts';
export type { PreparedOffer } from './prepare.ts';
export type * from './types.ts';
