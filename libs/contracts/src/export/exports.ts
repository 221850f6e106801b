import { CONTRACTS } from '../contracts.ts';
import { Problem } from '../problem.ts';
import { asyncApi } from './asyncapi.ts';
import { catalogue } from './catalogue.ts';
import { schemasOf, wireSchema } from './json-schema.ts';

/** Every generated file, by its path from the root of the repository. */
export function exportedFiles(): Map<string, string> {
  const files = new Map<string, string>();
  for (const contract of CONTRACTS) {
    for (const [name, schema] of schemasOf(contract))
      files.set(`docs/messages/schemas/${name}.json`, json(schema));
  }
  files.set('docs/messages/schemas/problem.json', json(wireSchema(Problem)));
  files.set('docs/messages/asyncapi.json', json(asyncApi(CONTRACTS)));
  files.set('docs/messages/CATALOG.md', catalogue(CONTRACTS));
  return files;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
