import type { z } from 'zod';
import type { RequestContract } from '../contract.ts';

/** Who may ask: a client by an access token with the scope of that name, or a holder by a session. */
export const CLIENT_SCOPES = ['store', 'marketing', 'enrolment'] as const;
export type ClientScope = (typeof CLIENT_SCOPES)[number];
export type HttpAccess = ClientScope | 'holder';

/** A key that a client chooses, kept to characters that may stand in a path. */
export const CLIENT_KEY = /^[A-Za-z0-9_.~-]{1,64}$/;

/** What is known of whoever asks, and so is never taken from a body. */
export type Identity = 'storeId' | 'holderId' | 'clientId';

/**
 * An id that the gateway makes of who asks, of `of` and of a key that the client chose: two clients never name one thing,
 * whatever keys they choose, and the same key names the same thing for ever. `header` is `Idempotency-Key`; `path` is `{key}`.
 */
export interface ClientKey {
  readonly of: 'settlement' | 'refund' | 'scan' | 'acquisition' | 'bar-code' | 'search';
  readonly from: 'header' | 'path' | 'body';
}

type FieldsOf<Schema extends z.ZodType> =
  unknown extends z.input<Schema> ? string : keyof z.input<Schema> & string;
type Keys<Field extends string> = Partial<Record<Field, ClientKey>>;
type Bound<Field extends string> = Partial<Record<Field, Identity>>;

/** One HTTP operation: a contract, where it stands, and what of its request does not come from the body. */
export interface HttpRoute<Asked extends RequestContract = RequestContract> {
  readonly contract: Asked;
  /** GET reads. PUT changes state, and a repeat changes nothing more. POST is made safe to repeat by a key in the header, or `reads`. */
  readonly method: 'GET' | 'POST' | 'PUT';
  /** `{field}` is a field of the request, `{key}` the key that a POST was made with. */
  readonly path: string;
  readonly access: HttpAccess;
  readonly keys?: Keys<FieldsOf<Asked['request']>>;
  readonly bound?: Bound<FieldsOf<Asked['request']>>;
  /** A list whose every item has keys and bound fields of its own. */
  readonly each?: { readonly field: string; readonly keys: Keys<string>; readonly bound: Bound<string> };
  /** A list read page by page: the field that says where to go on, and its value for the next page, if there is one. */
  readonly page?: {
    readonly field: FieldsOf<Asked['request']>;
    next(reply: z.output<Asked['reply']>, request: z.output<Asked['request']>): string | number | undefined;
  };
  /** A POST that changes nothing: its request holds what must not stand in a URL. */
  readonly reads?: true;
  /** Asked in the name of the payment-network relay that the store is registered with. */
  readonly throughRelay?: true;
  /** Codes in the request, and which of them the reply calls wrong. A refusal calls all of them wrong. */
  readonly guess?: {
    codes(request: z.output<Asked['request']>): readonly string[];
    missed?(reply: z.output<Asked['reply']>): readonly boolean[];
  };
  /** Default 5000. */
  readonly timeoutMs?: number;
}

/** Keeps the types of one contract together while it is written; afterwards rows are alike. */
export function httpRoute<Asked extends RequestContract>(route: HttpRoute<Asked>): HttpRoute {
  return route as unknown as HttpRoute;
}

/** Placeholders of a path: `['offerId']`. */
export function pathParameters(path: string): string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!);
}

/** Fields of the request that the body does not hold. */
export function fieldsFromElsewhere({ path, keys = {}, bound = {}, page }: HttpRoute): Set<string> {
  const made = Object.entries(keys).filter(([, key]) => key?.from !== 'body');
  return new Set([
    ...pathParameters(path),
    ...made.map(([field]) => field),
    ...Object.keys(bound),
    ...(page ? [page.field] : []),
  ]);
}

/** Whether the operation needs the header `Idempotency-Key`. */
export function needsKey({ keys = {} }: HttpRoute): boolean {
  return Object.values(keys).some((key) => key?.from === 'header');
}
