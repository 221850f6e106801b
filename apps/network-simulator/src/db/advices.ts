import { Advice } from '@couplet/contracts';
import { z } from 'zod';
import type { LateAdvice } from '../domain/late-advice.ts';
import type { Queryable } from './queryable.ts';

/** Remembers an advice until settlement-relay has acknowledged it; once, whoever asks again. */
export async function appendAdvice(db: Queryable, { adviceId, due, advice }: LateAdvice): Promise<void> {
  await db.query(
    'INSERT INTO advice (advice_id, due_at, advice) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [adviceId, due, JSON.stringify(z.encode(Advice, advice))],
  );
}

/** The next one that was not answered yet. */
export async function nextAdvice(db: Queryable): Promise<(LateAdvice & { tries: number }) | undefined> {
  const { rows } = await db.query<{
    advice_id: string;
    due_at: Date;
    advice: z.input<typeof Advice>;
    tries: number;
  }>('SELECT advice_id, due_at, advice, tries FROM advice WHERE answer IS NULL ORDER BY due_at LIMIT 1');
  const row = rows[0];
  if (!row) return undefined;
  const { advice_id: adviceId, due_at: due, tries } = row;
  return { adviceId, due, advice: z.decode(Advice, row.advice), tries };
}

export async function closeAdvice(db: Queryable, adviceId: string, answer: string): Promise<void> {
  await db.query('UPDATE advice SET answer = $2 WHERE advice_id = $1', [adviceId, answer]);
}

export async function postponeAdvice(db: Queryable, adviceId: string, due: Date): Promise<void> {
  await db.query('UPDATE advice SET due_at = $2, tries = tries + 1 WHERE advice_id = $1', [adviceId, due]);
}
