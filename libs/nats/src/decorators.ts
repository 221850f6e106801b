import type { EventContract, NetworkContract, RequestContract } from '@couplet/contracts';
import { applyDecorators, Catch, UseFilters, type ExceptionFilter } from '@nestjs/common';
import { EventPattern, MessagePattern } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { z } from 'zod';
import type { EventContext, RequestContext } from './contexts.ts';

/** Nest offers handlers only to the transport they name. */
export const COUPLET_TRANSPORT = Symbol('couplet.transport');

type Handler<Body, Context, Result> = (body: Body, context: Context) => Promise<Result> | Result;
type HandlerDecorator<Body, Context, Result> = <H extends Handler<Body, Context, Result>>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<H>,
) => void;

/** Answers a request; the handler gets the decoded body and returns the decoded reply. */
export function OnRequest<Request extends z.ZodType, Reply extends z.ZodType>(
  contract: RequestContract<Request, Reply>,
): HandlerDecorator<z.output<Request>, RequestContext, z.output<Reply>> {
  return handlerOf(MessagePattern(contract.subject, COUPLET_TRANSPORT, { contract }));
}

/** Answers a request to a card network; for the relay that the transport was given. */
export function OnNetwork<Request extends z.ZodType, Reply extends z.ZodType>(
  contract: NetworkContract<Request, Reply>,
): HandlerDecorator<z.output<Request>, RequestContext, z.output<Reply>> {
  return handlerOf(MessagePattern(networkPattern(contract), COUPLET_TRANSPORT, { contract }));
}

/** Takes in an event: returning acknowledges it, throwing has it delivered again later. */
export function OnEvent<Payload extends z.ZodType>(
  contract: EventContract<Payload>,
): HandlerDecorator<z.output<Payload>, EventContext, void> {
  return handlerOf(EventPattern<string>(contract.subject, COUPLET_TRANSPORT, { contract }));
}

/** Key of a network handler: the relay, which decorators do not know, is left out. */
function networkPattern(contract: NetworkContract): string {
  return `network.${contract.verb}.v${contract.version}`;
}

/** Nest's own filter logs every error and turns it into "Internal server error"; the transport needs the error itself. */
@Catch()
class RethrowFilter implements ExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

function handlerOf(pattern: MethodDecorator): MethodDecorator {
  return applyDecorators(pattern, UseFilters(RethrowFilter));
}
