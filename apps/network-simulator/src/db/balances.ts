import type { Queryable } from './queryable.ts';

/** What a card, by its token, may still be charged. */
export interface Balance {
  card: string;
  currency: string;
  balance: bigint;
}

export async function setBalances(db: Queryable, balances: readonly Balance[]): Promise<void> {
  const last = new Map(balances.map((each) => [`${each.card} ${each.currency}`, each]));
  const set = [...last.values()];
  await db.query(
    `INSERT INTO card_balance (card, currency, available) SELECT * FROM unnest($1::text[], $2::text[], $3::int8[])
     ON CONFLICT (card, currency) DO UPDATE SET available = excluded.available`,
    [set.map(({ card }) => card), set.map(({ currency }) => currency), set.map(({ balance }) => balance)],
  );
}

export async function forgetBalances(db: Queryable): Promise<void> {
  await db.query('DELETE FROM card_balance');
}
