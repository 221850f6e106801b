import { createRequire } from 'node:module';
import Ajv from 'ajv';
import { CONTRACTS } from '../contracts.ts';
import { asyncApi } from './asyncapi.ts';

const specification = createRequire(import.meta.url)(
  '@asyncapi/specs/schemas/3.0.0-without-$id.json',
) as object;
const document = asyncApi(CONTRACTS) as Record<string, unknown>;
const validate = new Ajv.default({ strict: false, validateFormats: false }).compile(specification);

describe('the AsyncAPI document', () => {
  it('fits the AsyncAPI 3.0 specification', () => {
    expect(validate(document) ? [] : validate.errors).toEqual([]);
  });

  it('is refused by that check when an operation has no action', () => {
    const operations = Object.values(
      structuredClone(document).operations as Record<string, { action?: string }>,
    );
    delete operations[0]!.action;
    const broken = { ...document, operations: { first: operations[0] } };
    expect(validate(broken)).toBe(false);
  });

  it('refers only to what it holds', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      (match) => match[1]!,
    );
    const missing = references.filter(
      (path) =>
        path
          .split('/')
          .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key], document) ===
        undefined,
    );
    expect(references.length).toBeGreaterThan(CONTRACTS.length);
    expect(missing).toEqual([]);
  });
});
