import { z } from 'zod';
import { type Contract, contractName } from '../contract.ts';

export type JsonSchema = Record<string, unknown>;

/** The JSON Schemas of a contract by name: `<contract>` for an event, `<contract>.request` and `<contract>.reply` else. */
export function schemasOf(contract: Contract): Map<string, JsonSchema> {
  const name = contractName(contract);
  return contract.kind === 'event'
    ? new Map([[name, wireSchema(contract.payload)]])
    : new Map([
        [`${name}.request`, wireSchema(contract.request)],
        [`${name}.reply`, wireSchema(contract.reply)],
      ]);
}

/** `io: 'input'` describes the wire; the output side of a codec is bigint, which JSON does not have. */
export function wireSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-2020-12' });
}
