import { PRINCIPALS } from '../contract.ts';
import { CONTRACTS } from '../contracts.ts';
import { Problem } from '../problem.ts';
import { asyncApi } from './asyncapi.ts';
import { HTTP_ROUTES } from '../http/http-routes.ts';
import { catalogue } from './catalogue.ts';
import { openApi } from './openapi.ts';
import { permissionsFor } from '../permissions.ts';
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
  files.set('docs/messages/openapi.json', json(openApi(HTTP_ROUTES)));
  files.set('docs/messages/CATALOG.md', catalogue(CONTRACTS));
  files.set('deploy/nats/permissions.json', json(natsPermissions()));
  return files;
}

/** Of every user but the relays, which are many: `sim` stands for what any relay gets under its own name. */
function natsPermissions(): object {
  const principals = PRINCIPALS.map((principal) => [principal, permissionsFor(principal)]);
  return { ...Object.fromEntries(principals), sim: permissionsFor({ relay: 'sim' }) };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
