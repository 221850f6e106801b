import { holdsCardNumber } from './card-numbers.ts';

it.each([
  ['a number in JSON', '{"id":"4111111111111111"}', true],
  ['one in a row of PostgreSQL', '(abc,4111111111111111,t)', true],
  ['one between control characters of a stream file', '\u0001\u00004111111111111111\u0002', true],
  ['digits that fail Luhn', '{"id":"4111111111111112"}', false],
  ['part of a UUID', '01a1fcaf-ac04-70bd-b032-143411111111111', false],
  ['part of a hash', 'f4111111111111111', false],
  ['twelve digits', '411111111111', false],
  ['what is left of a number in a log', '****1111', false],
])('%s', (_what, text, holds) => {
  expect(holdsCardNumber(text)).toBe(holds);
});
