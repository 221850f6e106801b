import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProblemError, httpProblemOf } from '@couplet/contracts';
import { traceIdOf, traceparentOf } from '@couplet/nats';
import type { SecurityHeadersOptions } from '@nestjs/common';
import type { FastifyHttpOptions, FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { GatewayConfig } from './config.ts';
import type { Health } from './handlers/health.ts';
import type { Metrics } from './handlers/metrics.ts';
import { refuse } from './handlers/problem.filter.ts';
import { TOKEN_PATH } from './handlers/tokens.ts';

const FORM_BYTES_MAX = 16_384;
/** How often Node looks for requests that arrive too slowly. */
const SLOW_CHECK_MS = 500;

/** What bounds a request before anything reads it. */
export function fastifyOptions(config: GatewayConfig): FastifyHttpOptions<Server> {
  return {
    bodyLimit: config.BODY_BYTES_MAX,
    requestTimeout: config.REQUEST_TIMEOUT_MS,
    http: {
      headersTimeout: config.REQUEST_TIMEOUT_MS,
      connectionsCheckingInterval: Math.min(SLOW_CHECK_MS, config.REQUEST_TIMEOUT_MS),
      maxHeaderSize: 16_384,
    },
    keepAliveTimeout: 65_000, // Longer than the usual proxy keeps a connection, so that the proxy closes it.
    routerOptions: { maxParamLength: 128 },
    trustProxy: config.TRUST_PROXY ?? false,
    // The name of a request is its trace context: what it is called here, on NATS and in every log.
    genReqId: ({ headers }) => traceparentOf(headers['traceparent'] as string | undefined),
    // Paths that cannot be read come to no route and to no filter.
    frameworkErrors: (error, request, reply) => refuse(error, request, reply),
    clientErrorHandler: (error, socket) => refuseUnread(error, socket),
  };
}

export const securityHeaders: SecurityHeadersOptions = {
  contentSecurityPolicy: {
    directives: {
      styleSrc: ["'self'", "'unsafe-inline'"], // Swagger UI styles its elements itself.
      fontSrc: ["'self'", 'data:'],
      frameAncestors: "'none'",
      upgradeInsecureRequests: null, // The page must work on http://localhost, too.
    },
  },
  xFrameOptions: { action: 'deny' },
};

/** Only JSON comes in, but for the one form of OAuth; nothing is cached that does not say so; everything is counted. */
export function shapeRequests(
  server: FastifyInstance,
  { health, metrics, logger }: { health: Health; metrics: Metrics; logger: Logger },
): void {
  server.removeContentTypeParser('text/plain');
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: FORM_BYTES_MAX },
    (request, body, done) => {
      if (request.routeOptions.url === TOKEN_PATH)
        done(null, Object.fromEntries(new URLSearchParams(String(body))));
      else done(new HttpProblemError('unsupported-media-type', 'the body must be application/json'));
    },
  );
  server.addHook('onSend', (request, reply, payload, done) => {
    if (!reply.hasHeader('cache-control')) void reply.header('Cache-Control', 'no-store');
    void reply.header('traceparent', request.id);
    // A connection kept alive would keep the process alive.
    if (health.ending) void reply.header('Connection', 'close');
    done(null, payload);
  });
  server.addHook('onResponse', (request, reply, done) => {
    metrics.count(request, reply);
    logger.info({
      msg: 'answered',
      method: request.method,
      route: request.routeOptions.url,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime),
      traceId: traceIdOf(request.id),
    });
    done();
  });
}

/** Bytes that never became a request: too slow, too many, or no HTTP. */
function refuseUnread(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const code = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'request-timeout' : 'malformed-request';
  const problem = httpProblemOf(
    new HttpProblemError(code, 'the connection is closed'),
    traceIdOf(traceparentOf(undefined)),
  );
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${code === 'request-timeout' ? 'Request Timeout' : 'Bad Request'}\r\nContent-Type: application/problem+json\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
