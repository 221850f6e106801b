import {
  contractName,
  HttpProblemError,
  type HttpRoute,
  needsKey,
  ProblemError,
  PROBLEMS,
} from '@couplet/contracts';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Services } from '../clients/services.ts';
import { ownerOf, type Principal } from '../domain/principal.ts';
import { queryValues } from '../domain/query-values.ts';
import { requestBody } from '../domain/request-body.ts';
import type { Authentication } from './authentication.ts';
import { clientId, idempotencyKey } from './client-ids.ts';
import type { Cursors } from './cursors.ts';
import type { RateLimits } from './rate-limits.ts';
import { validBody } from './refusal.ts';

export interface ExchangeDeps {
  readonly authentication: Authentication;
  readonly limits: RateLimits;
  readonly cursors: Cursors;
  readonly services: Services;
}

/** One HTTP request becomes one request on NATS, and its answer one of HTTP: the same for every row of the table. */
export class Exchange {
  /** Keys whose request is being answered by this process. */
  private readonly inFlight = new Set<string>();

  constructor(private readonly deps: ExchangeDeps) {}

  /** @returns the body of the answer, as JSON has it */
  async answer(route: HttpRoute, request: FastifyRequest): Promise<object> {
    const { authentication, limits, cursors } = this.deps;
    const principal = await authentication.principalOf(request, route.access);
    const owner = ownerOf(principal);
    const scope = `${owner} ${contractName(route.contract)}`;
    await limits.spend(principal, owner, contractName(route.contract));

    const key = needsKey(route) ? idempotencyKey(request.headers['idempotency-key']) : undefined;
    const { cursor, ...query } = request.query as Record<string, unknown>;
    const position = typeof cursor === 'string' && route.page ? cursors.read(scope, cursor) : undefined;
    const sources = {
      params: request.params as Record<string, string>,
      given: route.method === 'GET' ? queryValues(query, propertiesOf(route)) : (request.body ?? {}),
      idempotencyKey: key,
      position,
    };
    const body = requestBody(route, sources, principal, (of, chosen) => clientId(owner, of, chosen));
    const asked = validBody(route.contract.request, body);

    const reply = await this.once(key && `${scope} ${key}`, () =>
      this.ask(route, asked, principal, request.id),
    );
    const next = route.page?.next(reply, asked);
    return {
      ...(z.encode(route.contract.reply, reply) as object),
      ...(next !== undefined && { next: cursors.write(scope, next) }),
    };
  }

  private async ask(
    route: HttpRoute,
    asked: unknown,
    principal: Principal,
    traceparent: string,
  ): Promise<unknown> {
    const { limits, services } = this.deps;
    if (!route.guess) return services.ask(route, asked, principal, traceparent);
    const owner = ownerOf(principal);
    const codes = route.guess.codes(asked);
    await limits.refuseGuessing(owner, codes);
    try {
      const reply = await services.ask(route, asked, principal, traceparent);
      const missed = route.guess.missed?.(reply) ?? [];
      await limits.countMisses(
        owner,
        codes.filter((_, index) => missed[index]),
      );
      return reply;
    } catch (error) {
      if (error instanceof ProblemError && !PROBLEMS[error.code].retryable)
        await limits.countMisses(owner, codes);
      throw error;
    }
  }

  /** @throws HttpProblemError `attempt-in-progress` while the first one with this key is under way here */
  private async once<Reply>(key: string | undefined, work: () => Promise<Reply>): Promise<Reply> {
    if (key === undefined) return work();
    if (this.inFlight.has(key))
      throw new HttpProblemError(
        'attempt-in-progress',
        'a request with this key is not answered yet: repeat it shortly',
      );
    this.inFlight.add(key);
    try {
      return await work();
    } finally {
      this.inFlight.delete(key);
    }
  }
}

const properties = new WeakMap<HttpRoute, object>();

/** Of the request's schema, which is too much work to do for every request. */
function propertiesOf(route: HttpRoute): Record<string, object> {
  const known =
    properties.get(route) ?? z.toJSONSchema(route.contract.request, { io: 'input' }).properties ?? {};
  properties.set(route, known);
  return known as Record<string, object>;
}
