import { randomBytes } from 'node:crypto';
import { inTransaction } from '@couplet/postgres';
import { failpoint, Recurring } from '@couplet/service-host';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { Logger } from 'pino';
import { lockUnfinished } from '../db/code-batches.ts';
import { writeCodes } from '../db/codes.ts';
import { drawCodes } from '../domain/codes.ts';
import { LOGGER, POOL } from './tokens.ts';

/** So many codes are drawn and written in one transaction; what is lost of it by a crash is drawn anew. */
const CODES_AT_ONCE = 10_000;
const LOOK_EVERY_MS = 1_000;

/** Writes batches of codes to their end, in the background; one that was left unfinished goes on where it stands. */
@Injectable()
export class CodeWriter {
  private readonly loop: Recurring;

  constructor(
    @Inject(POOL) private readonly pool: pg.Pool,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Recurring('writing codes', LOOK_EVERY_MS, () => this.writeSome(), logger);
  }

  onApplicationBootstrap(): void {
    this.loop.start();
  }

  /** Resolves when the codes in hand are written. */
  async beforeApplicationShutdown(): Promise<void> {
    await this.loop.stop();
  }

  wake(): void {
    this.loop.wake();
  }

  private async writeSome(): Promise<boolean> {
    const worked = await inTransaction(this.pool, async (client) => {
      const batch = await lockUnfinished(client);
      if (!batch) return false;
      const missing = batch.count - batch.written;
      const codes = drawCodes(Math.min(missing, CODES_AT_ONCE), batch, randomBytes);
      await writeCodes(client, batch.batch_id, codes);
      failpoint('issuance.codes.before-commit');
      return true;
    });
    if (worked) failpoint('issuance.codes.after-commit');
    return worked;
  }
}
