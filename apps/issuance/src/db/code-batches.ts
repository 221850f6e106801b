import type { CodeBatch } from '@couplet/contracts';
import type pg from 'pg';
import type { z } from 'zod';
import { type CodeShape, codeSpace, entropyBits } from '../domain/codes.ts';

export interface NewBatch extends CodeShape {
  batchId: string;
  offerId: string;
  count: number;
  requestedBy: string;
}

interface BatchRow {
  batch_id: string;
  offer_id: string;
  kind: 'generated' | 'imported';
  prefix: string;
  length: number;
  alphabet: CodeShape['alphabet'];
  count: number;
  written: number;
}

/** Until the transaction ends nobody else is given codes of a space that is being measured. */
export async function lockCodeSpaces(client: pg.ClientBase): Promise<void> {
  await client.query("SELECT pg_advisory_xact_lock(hashtext('issuance.code-spaces'))");
}

/** Codes in use or promised that could be drawn for this shape; a batch with a shorter prefix counts whole. */
export async function codesInSpace(
  client: pg.ClientBase | pg.Pool,
  { prefix, length }: CodeShape,
): Promise<bigint> {
  const { rows } = await client.query<{ in_use: string | bigint }>(
    `SELECT ((SELECT coalesce(sum(count), 0) FROM code_batch
              WHERE kind = 'generated' AND length(prefix) + length = $2
                AND (starts_with($1, prefix) OR starts_with(prefix, $1)))
           + (SELECT count(*) FROM code_batch JOIN offer_code USING (batch_id)
              WHERE kind = 'imported' AND length(code) = $2 AND starts_with(code, $1)))::int8 AS in_use`,
    [prefix, prefix.length + length],
  );
  return BigInt(rows[0]!.in_use);
}

export async function addBatch(client: pg.ClientBase, batch: NewBatch): Promise<void> {
  await client.query(
    `INSERT INTO code_batch (batch_id, offer_id, kind, prefix, length, alphabet, count, requested_by)
     VALUES ($1, $2, 'generated', $3, $4, $5, $6, $7)`,
    [
      batch.batchId,
      batch.offerId,
      batch.prefix,
      batch.length,
      batch.alphabet,
      batch.count,
      batch.requestedBy,
    ],
  );
}

/** The batch of an import, which grows with every part of the file. */
export async function openImport(
  client: pg.ClientBase,
  { batchId, offerId, requestedBy }: Pick<NewBatch, 'batchId' | 'offerId' | 'requestedBy'>,
): Promise<void> {
  await client.query(
    `INSERT INTO code_batch (batch_id, offer_id, kind, count, requested_by)
     VALUES ($1, $2, 'imported', 0, $3) ON CONFLICT DO NOTHING`,
    [batchId, offerId, requestedBy],
  );
}

export async function findBatch(
  client: pg.ClientBase | pg.Pool,
  batchId: string,
): Promise<BatchRow | undefined> {
  const { rows } = await client.query<BatchRow>('SELECT * FROM code_batch WHERE batch_id = $1', [batchId]);
  return rows[0];
}

/** How far a batch is, and how hard its codes are to guess now. */
export async function statusOf(
  client: pg.ClientBase | pg.Pool,
  batch: BatchRow,
): Promise<z.output<typeof CodeBatch>> {
  const { rows } = await client.query<{ claimed: number }>(
    `SELECT count(*)::int AS claimed FROM offer_code
     WHERE batch_id = $1 AND claim_id IS NOT NULL`,
    [batch.batch_id],
  );
  const { batch_id: batchId, offer_id: offerId, kind, count, written } = batch;
  const state = written < count ? ('running' as const) : ('done' as const);
  const standing = { batchId, offerId, kind, state, count, written, claimed: rows[0]!.claimed };
  if (kind === 'imported') return standing;
  const inUse = await codesInSpace(client, batch);
  return {
    ...standing,
    entropyBits: entropyBits(batch),
    guessesPerHit: (codeSpace(batch) / inUse).toString(),
  };
}

/** A batch that is not written to its end, locked; one that another replica is writing is passed over. */
export async function lockUnfinished(client: pg.ClientBase): Promise<BatchRow | undefined> {
  const { rows } = await client.query<BatchRow>(
    `SELECT * FROM code_batch WHERE written < count ORDER BY requested_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  return rows[0];
}
