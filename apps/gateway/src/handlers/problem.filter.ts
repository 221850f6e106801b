import { traceIdOf } from '@couplet/nats';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { refusalOf } from './refusal.ts';

/** Every failure, also of the framework, leaves as RFC 9457 has it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly logger: Pick<Logger, 'error'>) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    refuse(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>(), this.logger);
  }
}

export function refuse(
  error: unknown,
  { id }: FastifyRequest,
  reply: FastifyReply,
  logger?: Pick<Logger, 'error'>,
): void {
  const traceId = traceIdOf(id);
  const { problem, retryAfterSeconds, unforeseen } = refusalOf(error, traceId);
  if (unforeseen) logger?.error({ msg: 'request failed', traceId, error });
  if (retryAfterSeconds !== undefined) void reply.header('Retry-After', retryAfterSeconds);
  if (problem.status === 401) void reply.header('WWW-Authenticate', 'Bearer realm="couplet"');
  void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
