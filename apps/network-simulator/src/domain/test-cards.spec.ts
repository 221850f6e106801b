import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_CARDS, testCardAction, testCardOf } from './test-cards.ts';
import { scriptErrors } from './script.ts';

const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');

describe('the test cards', () => {
  it('are those of the table in the README, in its order', () => {
    const rows = [...readme.matchAll(/^\| `(\d{4} \d{4} \d{4} \d{4})` +\| ([a-z-]+) /gm)];
    const documented = rows.map(([, number, name]) => ({ name, number: number!.replaceAll(' ', '') }));
    expect(documented).toEqual(TEST_CARDS.map(({ name, number }) => ({ name, number })));
  });

  it('play nothing that a script could not', () => {
    const faults = TEST_CARDS.flatMap(({ plays }) => (plays ? [{ ...plays, times: 1 }] : []));
    expect(scriptErrors({ faults })).toEqual([]);
  });

  it('are found by their number, and play at their verb only', () => {
    expect(testCardOf('4000000000000044')?.name).toBe('stand-in');
    expect([testCardOf('4111111111111111'), testCardOf(undefined)]).toEqual([undefined, undefined]);
    expect(testCardAction('adjust-refused', 'adjust', 'held')).toMatchObject({ kind: 'refuse' });
    expect(testCardAction('adjust-refused', 'adjust', 'captured')).toBeUndefined();
    expect(testCardAction('adjust-refused', 'capture', 'held')).toBeUndefined();
    expect(testCardAction(null, 'adjust')).toBeUndefined();
  });
});
