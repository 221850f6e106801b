import { Recurring } from '@couplet/service-host';
import { Inject, Injectable } from '@nestjs/common';
import type { Logger } from 'pino';
import { leaseOpenClaims } from '../db/code-claims.ts';
import type { Registry } from '../db/registry.ts';
import { CodeAcquisition } from './code-acquisition.ts';
import { LOGGER, REGISTRY, RESOLVE_EVERY_MS } from './tokens.ts';

const BATCH = 16;

/** Finishes claims of codes whose handler did not: it died, or issuance or the offer's event was not there yet. */
@Injectable()
export class ClaimFinisher {
  private readonly loop: Recurring;

  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(CodeAcquisition) private readonly codes: CodeAcquisition,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(RESOLVE_EVERY_MS) everyMs: number,
  ) {
    this.loop = new Recurring('finishing claims of codes', everyMs, () => this.finishOpen(), logger);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Resolves when the batch in hand is done. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  private async finishOpen(): Promise<boolean> {
    const claims = await leaseOpenClaims(this.registry.pool, BATCH);
    for (const claim of claims) {
      await this.codes
        .finish(claim)
        .catch((error: unknown) =>
          this.logger.warn({ err: error, acquisitionId: claim.acquisitionId }, 'a claim gave no coupon'),
        );
    }
    return claims.length === BATCH;
  }
}
