import type pg from 'pg';

/** Adds (`sign` 1) or takes out (`sign` -1) what the facts of these searches, acquisitions and settlements are worth. */
export async function addShares(client: pg.PoolClient, keys: readonly string[], sign: 1 | -1): Promise<void> {
  if (keys.length === 0) return;
  await client.query({ name: 'add-usage-shares', text: ADD_USAGE, values: [keys, sign] });
  await client.query({ name: 'add-party-shares', text: ADD_PARTY, values: [keys, sign] });
}

const ADD_USAGE = addStatement(
  'daily_usage',
  'usage_share',
  ['day', 'currency'],
  [
    'searches',
    'searches_empty',
    'coupons_acquired',
    'settlements',
    'abandoned',
    'coupons_consumed',
    'coupons_rolled_back',
    'original_amount',
    'discount',
    'amount',
  ],
);

const ADD_PARTY = addStatement(
  'daily_party_discount',
  'party_share',
  ['day', 'party', 'currency'],
  ['uses', 'discount'],
);

function addStatement(rollUp: string, shares: string, by: string[], totals: string[]): string {
  return `
    INSERT INTO ${rollUp} AS total (${[...by, ...totals].join(', ')})
    SELECT ${[...by, ...totals.map((name) => `$2::int * sum(${name})`)].join(', ')}
    FROM ${shares} WHERE key = ANY ($1::uuid[]) GROUP BY ${by.join(', ')}
    ON CONFLICT (${by.join(', ')}) DO UPDATE SET
      ${totals.map((name) => `${name} = total.${name} + EXCLUDED.${name}`).join(', ')}`;
}
