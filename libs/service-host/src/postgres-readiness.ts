import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Logger } from 'pino';

/** The server is not there yet, or is still starting; anything else, such as a wrong password, will not mend itself. */
const NOT_YET = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', '57P03']);

/** Services and their database start in any order. */
export async function untilPostgresAnswers(pool: pg.Pool, logger: Logger): Promise<void> {
  for (;;) {
    try {
      await pool.query('SELECT 1');
      return;
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === undefined || !NOT_YET.has(code)) throw error;
      logger.warn({ msg: 'waiting for PostgreSQL', code });
      await delay(500);
    }
  }
}
