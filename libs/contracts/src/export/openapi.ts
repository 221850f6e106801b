import type { z } from 'zod';
import { HTTP_PROBLEMS, HttpProblem } from '../http/http-problem.ts';
import {
  CLIENT_KEY,
  CLIENT_SCOPES,
  fieldsFromElsewhere,
  type HttpAccess,
  type HttpRoute,
  needsKey,
  pathParameters,
} from '../http/http-route.ts';
import { OWN_OPERATIONS, type OwnOperation, SESSION_COOKIE } from '../http/own-operations.ts';
import { type JsonSchema, wireSchema } from './json-schema.ts';

const KEY_SCHEMA = { type: 'string', pattern: CLIENT_KEY.source };
const SCOPE_TITLES = {
  store: 'A store and its tills.',
  marketing: 'Offers, from draft to end, and reports on them.',
  enrolment: 'Registers holders and lets them sign in.',
} as const;

interface ObjectSchema extends JsonSchema {
  properties?: Record<string, JsonSchema>;
  required?: string[];
}

/** The HTTP API as an OpenAPI 3.1 document: every row of the table, and what the gateway answers by itself. */
export function openApi(routes: readonly HttpRoute[], serverUrl = '/'): object {
  const paths: Record<string, Record<string, object>> = {};
  const schemas: Record<string, JsonSchema> = { Problem: schemaOf(HttpProblem) };
  const add = (method: string, path: string, operation: object) => {
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation };
  };
  for (const route of routes) add(route.method, route.path, routeOperation(route, schemas));
  for (const operation of OWN_OPERATIONS)
    add(operation.method, operation.path, ownOperation(operation, schemas));
  return {
    openapi: '3.1.0',
    info: {
      title: 'Couplet',
      version: '1.0.0',
      description:
        'Coupons on cards and as bar codes. Amounts are minor units, times RFC 3339 in UTC. A POST that changes something is made safe to repeat by `Idempotency-Key`: repeat it with the same key and body until it is answered.',
      license: { name: 'Apache 2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [...CLIENT_SCOPES, 'holder', 'sign-in'].map((name) => ({ name })),
    paths,
    components: { schemas, responses: problemResponses(), securitySchemes: securitySchemes() },
  };
}

function routeOperation(route: HttpRoute, schemas: Record<string, JsonSchema>): object {
  const { contract, method, access, page } = route;
  const id = camelCase(contract.verb);
  const whole = schemaOf(contract.request) as ObjectSchema;
  const fields = bodySchema(route, whole);
  const reply = named(
    `${pascalCase(contract.verb)}Reply`,
    pagedReply(schemaOf(contract.reply), page),
    schemas,
  );
  return {
    operationId: id,
    summary: contract.summary,
    tags: [access],
    security: securityOf(access),
    parameters: [
      ...pathParameters(route.path).map((name) => ({
        name,
        in: 'path',
        required: true,
        schema: name === 'key' ? KEY_SCHEMA : whole.properties?.[name],
        ...(name === 'key' && { description: 'The `Idempotency-Key` that it was made with.' }),
      })),
      ...(needsKey(route) ? [keyHeader] : []),
      ...(method === 'GET' ? queryParameters(fields) : []),
      ...(page ? [cursorParameter] : []),
    ],
    ...(method !== 'GET' &&
      Object.keys(fields.properties ?? {}).length > 0 && {
        requestBody: jsonBody(named(`${pascalCase(contract.verb)}Request`, fields, schemas)),
      }),
    responses: { 200: { description: 'Done.', content: json(reply) }, ...refusals(route) },
  };
}

function ownOperation(operation: OwnOperation, schemas: Record<string, JsonSchema>): object {
  const { id, summary, access, request, reply, refusal } = operation;
  const name = pascalCase(id);
  const type = request?.form ? 'application/x-www-form-urlencoded' : 'application/json';
  return {
    operationId: id,
    summary,
    tags: [access === 'anybody' ? 'sign-in' : access],
    security: access === 'anybody' ? [] : securityOf(access),
    ...(request && {
      requestBody: {
        required: true,
        content: { [type]: { schema: named(`${name}Request`, schemaOf(request.schema), schemas) } },
      },
    }),
    responses: {
      ...(reply
        ? { 200: { description: 'Done.', content: json(named(`${name}Reply`, schemaOf(reply), schemas)) } }
        : { 204: { description: 'Done.' } }),
      default: refusal
        ? {
            description: 'It was refused.',
            content: json(named(`${name}Refusal`, schemaOf(refusal), schemas)),
          }
        : { $ref: '#/components/responses/Problem' },
    },
  };
}

/** Inside a document there is one dialect, which the document names. */
function schemaOf(schema: z.ZodType): JsonSchema {
  const own = Object.entries(wireSchema(schema)).filter(([keyword]) => keyword !== '$schema');
  return Object.fromEntries(own);
}

/** The request without what comes from elsewhere; keys in it are the client's own. */
function bodySchema(route: HttpRoute, schema: ObjectSchema): ObjectSchema {
  const { keys = {}, each } = route;
  const body = withKeys(without(schema, fieldsFromElsewhere(route)), Object.keys(keys));
  const list = each && body.properties?.[each.field];
  if (!list) return body;
  const items = list['items'] as ObjectSchema;
  const item = withKeys(without(items, new Set(Object.keys(each.bound))), Object.keys(each.keys));
  return { ...body, properties: { ...body.properties, [each.field]: { ...list, items: item } } };
}

function without(schema: ObjectSchema, fields: ReadonlySet<string>): ObjectSchema {
  const { required = [], properties = {}, ...rest } = schema;
  const left = required.filter((field) => !fields.has(field));
  return {
    ...rest,
    properties: Object.fromEntries(Object.entries(properties).filter(([field]) => !fields.has(field))),
    ...(left.length > 0 && { required: left }),
  };
}

function withKeys(schema: ObjectSchema, keys: readonly string[]): ObjectSchema {
  const properties = Object.entries(schema.properties ?? {}).map(([field, value]) => [
    field,
    keys.includes(field) ? { ...KEY_SCHEMA, description: 'The key that you chose for it.' } : value,
  ]);
  return { ...schema, properties: Object.fromEntries(properties) };
}

function pagedReply(schema: JsonSchema, page: HttpRoute['page']): JsonSchema {
  if (!page) return schema;
  const next = { next: { type: 'string', description: 'Present when there is more: give it as `cursor`.' } };
  return { allOf: [schema, { type: 'object', properties: next }] };
}

function queryParameters({ properties = {}, required = [] }: ObjectSchema): object[] {
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name) && !('default' in schema),
    schema,
  }));
}

function named(name: string, schema: JsonSchema, schemas: Record<string, JsonSchema>) {
  schemas[name] = schema;
  return { $ref: `#/components/schemas/${name}` };
}

const keyHeader = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  schema: KEY_SCHEMA,
  description: 'Chosen by you, new for every new thing; the same again repeats the same thing.',
};
const cursorParameter = {
  name: 'cursor',
  in: 'query',
  schema: { type: 'string' },
  description: '`next` of the page before.',
};

function refusals(route: HttpRoute): object {
  const statuses = [
    ...(needsKey(route) || route.method !== 'GET' ? [400, 413, 415] : []),
    ...[401, 403, 404, 409, 422, 429, 500, 503, 504],
  ];
  return Object.fromEntries(
    statuses.sort().map((status) => [status, { $ref: `#/components/responses/Problem${status}` }]),
  );
}

/** One response per status, which names the codes that come with it. */
function problemResponses(): object {
  const codes = Object.entries(HTTP_PROBLEMS);
  const response = (description: string, retryAfter: boolean) => ({
    description,
    ...(retryAfter && {
      headers: { 'Retry-After': { schema: { type: 'integer' }, description: 'Seconds.' } },
    }),
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  });
  const byStatus = [...new Set(codes.map(([, { status }]) => status))].map((status) => {
    const alike = codes.filter(([, problem]) => problem.status === status);
    const title = alike.map(([code, problem]) => `\`${code}\`: ${problem.title}.`).join(' ');
    return [`Problem${status}`, response(title, status === 429 || status === 503)];
  });
  return { Problem: response('It was refused (RFC 9457).', false), ...Object.fromEntries(byStatus) };
}

function securityOf(access: HttpAccess): object[] {
  return access === 'holder' ? [{ session: [] }] : [{ client: [access] }, { token: [access] }];
}

function securitySchemes(): object {
  return {
    client: {
      type: 'oauth2',
      description: 'Client credentials with private_key_jwt (RFC 7523); tokens live five minutes.',
      flows: { clientCredentials: { tokenUrl: '/oauth/token', scopes: SCOPE_TITLES } },
    },
    token: { type: 'http', scheme: 'bearer', description: 'The same token, fetched by yourself.' },
    session: { type: 'apiKey', in: 'cookie', name: SESSION_COOKIE },
  };
}

function jsonBody(schema: object): object {
  return { required: true, content: json(schema) };
}

function json(schema: object): object {
  return { 'application/json': { schema } };
}

function camelCase(name: string): string {
  return name.replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase());
}

function pascalCase(name: string): string {
  const camel = camelCase(name);
  return camel.charAt(0).toUpperCase() + camel.slice(1);
}
