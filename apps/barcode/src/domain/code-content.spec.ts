import { readContent, writeContent } from './code-content.ts';

const SECRET = '123456789012345678901234567890123456789';

it.each([
  { kind: 'single-use', secret: SECRET, stampS: 1_711_000_000 },
  { kind: 'rotating', secret: SECRET, stampS: 1_711_000_020, oneTime: '01234567' },
  { kind: 'gs1', secret: '8110106141416543213150110120' },
] as const)('reads what it wrote: $kind', (content) => {
  expect(readContent(writeContent(content))).toEqual(content);
});

it.each([
  { name: 'with the symbology before it', scanned: `]Q11${SECRET}1711000000`, kind: 'single-use' },
  { name: 'of GS1, with FNC1', scanned: ']e0\x1d8110106141416543213150110120', kind: 'gs1' },
  { name: 'of GS1, with the AI in parentheses', scanned: '(8110)106141416543213150110120', kind: 'gs1' },
  { name: 'typed in groups', scanned: ' 1234-5678 9012 3456 ', kind: 'typed' },
])('reads a code $name', ({ scanned, kind }) => {
  expect(readContent(scanned)?.kind).toBe(kind);
});

it.each(['', '1', '123456789012345', `3${SECRET}1711000000`, `1${SECRET}171100000`, 'https://example.com'])(
  'takes %j for no code of ours',
  (scanned) => expect(readContent(scanned)).toBeUndefined(),
);
