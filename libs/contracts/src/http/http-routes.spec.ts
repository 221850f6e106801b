import type { z } from 'zod';
import { mayCall, type RequestContract } from '../contract.ts';
import { CONTRACTS } from '../contracts.ts';
import { wireSchema } from '../export/json-schema.ts';
import { needsKey, pathParameters } from './http-route.ts';
import { HTTP_ROUTES } from './http-routes.ts';

const named = HTTP_ROUTES.map((route) => ({ name: `${route.method} ${route.path}`, route }));

describe('the table of HTTP and subjects', () => {
  it('has a row for everything that the gateway may ask, and for nothing else', () => {
    const asked = CONTRACTS.filter(
      (contract): contract is RequestContract => contract.kind === 'request' && mayCall(contract, 'gateway'),
    );
    const rows = HTTP_ROUTES.map(({ contract }) => contract.subject);
    expect(rows.sort()).toEqual(asked.map(({ subject }) => subject).sort());
  });

  it('has every operation once', () => {
    expect(new Set(named.map(({ name }) => name)).size).toBe(named.length);
  });

  it.each(named)('$name is safe to repeat', ({ route }) => {
    expect(needsKey(route)).toBe(route.method === 'POST' && !route.reads);
  });

  it.each(named)('$name takes its fields from where its contract has them', ({ route }) => {
    const { contract, path, keys = {}, bound = {}, page, each } = route;
    const fields = Object.keys(propertiesOf(contract.request));
    const taken = [
      ...pathParameters(path).filter((name) => name !== 'key'),
      ...Object.keys(keys),
      ...Object.keys(bound),
      ...(page ? [page.field] : []),
      ...(each ? [each.field] : []),
    ];
    expect(fields).toEqual(expect.arrayContaining(taken));
    const fromPath = Object.values(keys).filter((key) => key?.from === 'path');
    expect(fromPath).toHaveLength(path.includes('{key}') ? 1 : 0);
  });

  it.each(named.filter(({ route }) => route.access === 'store'))(
    '$name never believes a store who it is',
    ({ route }) => {
      const stores = JSON.stringify(wireSchema(route.contract.request)).match(/"storeId":/g) ?? [];
      const decided = 'storeId' in { ...route.bound, ...route.each?.bound };
      expect(decided).toBe(stores.length > 0);
    },
  );

  it.each(named.filter(({ route }) => route.access === 'holder'))(
    '$name is about the holder who is signed in',
    ({ route }) => expect(route.bound).toHaveProperty('holderId', 'holderId'),
  );
});

function propertiesOf(schema: z.ZodType): object {
  return (wireSchema(schema)['properties'] ?? {}) as object;
}
