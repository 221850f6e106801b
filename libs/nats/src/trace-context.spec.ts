import { traceIdOf, traceparentOf } from './trace-context.ts';

const ID = '0af7651916cd43dd8448eb211c80319c';
const GIVEN = `00-${ID}-b7ad6b7169203331-01`;

describe('traceparentOf', () => {
  it('keeps one that is well-formed', () => {
    expect(traceparentOf(GIVEN)).toBe(GIVEN);
    expect(traceIdOf(GIVEN)).toBe(ID);
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one of another form', 'abc'],
    ['one in upper case', GIVEN.toUpperCase()],
    ['version ff', `ff${GIVEN.slice(2)}`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['a parent of zeros', `00-${ID}-${'0'.repeat(16)}-01`],
    ['something behind it', `${GIVEN}; drop`],
  ])('begins a new trace for %s', (_what, received) => {
    const made = traceparentOf(received);
    expect(made).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    expect(traceIdOf(made)).not.toBe(traceIdOf(traceparentOf(received)));
  });
});
