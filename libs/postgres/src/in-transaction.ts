import type { Pool, PoolClient } from 'pg';

/**
 * Runs `work` in one transaction: commits when it resolves, rolls back when it rejects, and rejects with its error.
 *
 * If COMMIT itself fails the outcome is unknown: read the own inbox or idempotency row before deciding anything.
 */
export async function inTransaction<Result>(
  pool: Pool,
  work: (client: PoolClient) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
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
