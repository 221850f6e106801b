import { contractName, HTTP_ROUTES, type HttpRoute } from '@couplet/contracts';
import { Controller, HttpCode, Inject, Req, RequestMapping, RequestMethod } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { Exchange } from './exchange.ts';
import { EXCHANGE } from './tokens.ts';

/** One handler per row of the table, made here: nothing about an operation is written a second time. */
@Controller()
export class ApiController {
  constructor(@Inject(EXCHANGE) private readonly exchange: Exchange) {}

  answer(route: HttpRoute, request: FastifyRequest): Promise<object> {
    return this.exchange.answer(route, request);
  }
}

for (const route of HTTP_ROUTES) {
  const name = contractName(route.contract);
  const descriptor = {
    value: function (this: ApiController, request: FastifyRequest) {
      return this.answer(route, request);
    },
    configurable: true,
  };
  Object.defineProperty(ApiController.prototype, name, descriptor);
  RequestMapping({ path: route.path.replace(/\{(\w+)\}/g, ':$1'), method: RequestMethod[route.method] })(
    ApiController.prototype,
    name,
    descriptor,
  );
  HttpCode(200)(ApiController.prototype, name, descriptor);
  Req()(ApiController.prototype, name, 0);
}
