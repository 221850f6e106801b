export { CardNumber } from './card-number.ts';
export { mediumToken, parToken } from './medium-token.ts';
export { loadTokenKey, TokenKey } from './token-key.ts';
