import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020.js';
import { z } from 'zod';
import { contractName } from './contract.ts';
import { CONTRACTS } from './contracts.ts';
import { wireSchema } from './export/json-schema.ts';
import { compiled, wireOf } from './wire.ts';

const folder = join(import.meta.dirname, '../samples');
const sample = (name: string): Record<string, unknown> =>
  JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'));
const parts = CONTRACTS.flatMap((contract) => {
  const name = contractName(contract);
  return contract.kind === 'event'
    ? [{ name, part: 'payload', schema: contract.payload }]
    : [
        { name, part: 'request', schema: contract.request },
        { name, part: 'reply', schema: contract.reply },
      ];
});
// Formats are zod's to check; here the exported schema must accept what we say on the wire.
const ajv = new Ajv2020.default({ strict: false, validateFormats: false });

describe('stored samples', () => {
  it('are there for every contract, and for no other', () => {
    const known = CONTRACTS.map((contract) => `${contractName(contract)}.json`);
    expect(readdirSync(folder).toSorted()).toEqual(known.toSorted());
  });

  it.each(parts)('$name $part is read and written back the same', ({ name, part, schema }) => {
    const wire = sample(name)[part];
    expect(z.encode(schema, z.decode(schema, wire as never))).toEqual(wire);
  });

  it.each(parts)(
    '$name $part is so by the quick way, too, whatever else is in it',
    ({ name, part, schema }) => {
      const wire = sample(name)[part];
      const value = compiled(schema).parse(wire) as object;
      expect(value).toEqual(z.decode(schema, wire as never));
      expect(JSON.parse(wireOf(schema, { ...value, secret: 'x' }))).toEqual(wire);
    },
  );

  it.each(parts.filter(({ name, part }) => Object.keys(sample(name)[part] as object).length > 0))(
    '$name $part is not written when something does not fit',
    ({ name, part, schema }) => {
      const value = z.decode(schema, sample(name)[part] as never) as object;
      const broken = { ...value, [Object.keys(value)[0]!]: Symbol('broken') };
      expect(() => wireOf(schema, broken)).toThrow(z.ZodError);
    },
  );

  it.each(parts)('$name $part fits its exported JSON Schema', ({ name, part, schema }) => {
    const validate = ajv.compile(wireSchema(schema));
    expect(validate(sample(name)[part]) ? [] : validate.errors).toEqual([]);
  });

  it.each(parts)('$name $part is refused when it is an array', ({ schema }) => {
    expect(z.safeDecode(schema, [] as never).success).toBe(false);
  });
});
