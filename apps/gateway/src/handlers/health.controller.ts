import { Controller, Get, Header, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import type { Health } from './health.ts';
import type { Metrics } from './metrics.ts';
import { HEALTH, METRICS } from './tokens.ts';

/** For whoever runs it: alive is the event loop alone; ready is also what it needs. */
@Controller()
export class HealthController {
  constructor(
    @Inject(HEALTH) private readonly health: Health,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Get('livez')
  alive(): object {
    return { status: 'alive' };
  }

  @Get('readyz')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<object> {
    const { ready, ...parts } = await this.health.check();
    void reply.status(ready ? 200 : 503);
    return { status: ready ? 'ready' : 'not-ready', ...parts };
  }

  @Get('metrics')
  @Header('Content-Type', 'text/plain; version=0.0.4; charset=utf-8')
  scrape(): Promise<string> {
    return this.metrics.text();
  }
}
