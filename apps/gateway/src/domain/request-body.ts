import {
  CLIENT_KEY,
  type ClientKey,
  fieldsFromElsewhere,
  HttpProblemError,
  type HttpRoute,
  type Identity,
  pathParameters,
} from '@couplet/contracts';
import { identityOf, type Principal } from './principal.ts';

/** A request as HTTP brings it. */
export interface HttpSources {
  readonly params: Readonly<Record<string, string>>;
  /** Of a GET its query, with numbers read; else the body. */
  readonly given: unknown;
  readonly idempotencyKey?: string | undefined;
  /** Where to go on, read from a cursor. */
  readonly position?: string | number | undefined;
}

type Fields = Record<string, unknown>;
type MakeId = (of: ClientKey['of'], key: string) => string;

/**
 * The request of the contract: what the client gave, and what it never gives itself.
 *
 * @param makeId id that belongs to who asks
 * @throws HttpProblemError for a field that is not the client's to give
 */
export function requestBody(
  route: HttpRoute,
  sources: HttpSources,
  principal: Principal,
  makeId: MakeId,
): Fields {
  const { keys = {}, bound = {}, each, page } = route;
  const body = ownFields(sources.given, '(body)', fieldsFromElsewhere(route), bound, principal);
  for (const name of pathParameters(route.path)) if (name !== 'key') body[name] = sources.params[name];
  for (const [field, key] of Object.entries(keys)) {
    const chosen = chosenKey(key!, body[field], field, sources);
    if (chosen !== undefined) body[field] = makeId(key!.of, chosen);
  }
  if (page && sources.position !== undefined) body[page.field] = sources.position;
  if (each && Array.isArray(body[each.field])) {
    body[each.field] = (body[each.field] as unknown[]).map((item, index) => {
      const path = `${each.field}[${index}]`;
      const own = ownFields(item, path, new Set(Object.keys(each.bound)), each.bound, principal);
      for (const [field, { of }] of Object.entries(each.keys) as [string, ClientKey][])
        if (own[field] !== undefined) own[field] = makeId(of, validKey(own[field], `${path}.${field}`));
      return own;
    });
  }
  return body;
}

/** The client's fields, with those that who it is decides; a value of its own for one of these is refused. */
function ownFields(
  given: unknown,
  path: string,
  notTheirs: ReadonlySet<string>,
  bound: Readonly<Partial<Record<string, Identity>>>,
  principal: Principal,
): Fields {
  if (typeof given !== 'object' || given === null || Array.isArray(given))
    throw invalid(path, 'must be an object');
  const fields: Fields = { ...given };
  for (const field of Object.keys(fields)) {
    if (notTheirs.has(field) && !(field in bound)) throw invalid(field, 'is not given here');
  }
  for (const [field, identity] of Object.entries(bound)) {
    const own = identityOf(principal, identity!);
    if (fields[field] !== undefined && fields[field] !== own)
      throw new HttpProblemError('caller-not-allowed', `${field} is not yours`);
    fields[field] = own;
  }
  return fields;
}

function chosenKey(
  { from }: ClientKey,
  inBody: unknown,
  field: string,
  sources: HttpSources,
): string | undefined {
  switch (from) {
    case 'header':
      return sources.idempotencyKey;
    case 'path':
      return validKey(sources.params['key'], 'key');
    case 'body':
      return inBody === undefined ? undefined : validKey(inBody, field);
  }
}

function validKey(key: unknown, field: string): string {
  if (typeof key === 'string' && CLIENT_KEY.test(key)) return key;
  throw invalid(field, 'must be 1 to 64 letters, digits, or any of . _ ~ -');
}

const invalid = (field: string, detail: string): HttpProblemError =>
  new HttpProblemError('invalid-request', `${field}: ${detail}`, undefined, [{ field, detail }]);
