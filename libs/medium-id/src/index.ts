export { CardNumber } from './card-number.ts';
export { InvalidMediumError } from './invalid-medium.ts';
export { type MediumKind, type MediumNumber, mediumToken, parToken } from './medium-token.ts';
export { loadTokenKey, TokenKey } from './token-key.ts';
