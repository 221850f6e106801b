import type { Pool, PoolClient } from 'pg';

/** PostgreSQL ended the transaction for another's sake, and says that the same work may succeed now. */
const RETRYABLE = new Set(['40001', '40P01']); // serialization_failure, deadlock_detected
const TRIES_MAX = 5;

export interface TransactionOptions {
  /** False: the commit does not wait for the disk, and a server that dies may forget it. Default true. */
  durable?: boolean;
}

/**
 * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects, and rejects with its error.
 *
 * A deadlock or a serialization failure runs it again, at most five times in all: so `work` touches nothing but this
 * client. If COMMIT itself fails otherwise the outcome is unknown: read the own inbox or idempotency row before deciding
 * anything.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
  { durable = true }: TransactionOptions = {},
): Promise<Result> {
  const begin = durable ? 'BEGIN' : 'BEGIN; SET LOCAL synchronous_commit = off';
  for (let tries = 1; ; tries++) {
    try {
      return await once(pool, begin, work);
    } catch (error) {
      const { code } = error as { code?: string };
      if (tries === TRIES_MAX || code === undefined || !RETRYABLE.has(code)) throw error;
    }
  }
}

async function once<Result>(
  pool: Pool,
  begin: string,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query(begin);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken); // A connection that cannot roll back is not reused.
  }
}
