import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { WORKSPACE } from '../../workspace.ts';
import { SAFEGUARDS } from './all-safeguards.ts';

const MUTATIONS = SAFEGUARDS.flatMap(({ name, temptation = [], without }) =>
  [...temptation, ...without].map((mutation) => ({ name, ...mutation })),
);

it.each(MUTATIONS)('$name: $module still holds, once, what is to be changed', async ({ module, from }) => {
  const source = await readFile(path.join(WORKSPACE, module), 'utf8');
  expect(source.split(from)).toHaveLength(2);
});

it('can take out each safeguard of the protocol', () => {
  const without = SAFEGUARDS.map(
    ({ without: changes, withoutInDatabase }) => changes.length > 0 || withoutInDatabase,
  );
  expect(without).toHaveLength(9);
  expect(without.every(Boolean)).toBe(true);
});
