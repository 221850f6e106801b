import type pg from 'pg';

/** Ids by kind of fact: searches, acquisitions, settlements, settlements whose coupons were used, and scans. */
export type FactKeys = Readonly<Record<(typeof FACTS)[number], readonly string[]>>;

const FACTS = ['search', 'acquisition', 'settlement', 'use', 'scan'] as const;

/** Adds (`sign` 1) or takes out (`sign` -1) what these facts are worth. */
export async function addShares(client: pg.PoolClient, keys: FactKeys, sign: 1 | -1): Promise<void> {
  const values = [sign, ...FACTS.map((fact) => keys[fact])];
  if (FACTS.some((fact) => keys[fact].length > 0)) {
    await client.query({ name: 'add-usage-shares', text: ADD_USAGE, values });
  }
  if (keys.use.length > 0) {
    await client.query({ name: 'add-party-shares', text: ADD_PARTY, values: [sign, keys.use] });
    await client.query({ name: 'add-credit-shares', text: ADD_CREDIT, values: [sign, keys.use] });
  }
}

const ADD_USAGE = addStatement(
  'daily_usage',
  `usage_share WHERE ${FACTS.map((fact, index) => `fact = '${fact}' AND key = ANY ($${index + 2}::uuid[])`).join(' OR ')}`,
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
    'scans',
    'scan_discount',
    'credit',
  ],
);

const ADD_PARTY = addStatement(
  'daily_party_discount',
  sharesOf('party_share'),
  ['day', 'party', 'currency'],
  ['uses', 'discount', 'credit'],
);

const ADD_CREDIT = addStatement(
  'daily_credit',
  sharesOf('credit_share'),
  ['day', 'offer_id', 'party', 'currency'],
  ['uses', 'credit', 'paid'],
);

/**
 * Each settlement is looked up by itself: what these views join is found by its key then, while the array would give the key of
 * their first table alone, and the others, planned while they are empty, would be read whole.
 */
function sharesOf(view: string): string {
  return `(SELECT DISTINCT unnest($2::uuid[]) AS settlement_id) AS touched,
    LATERAL (SELECT * FROM ${view} WHERE key = touched.settlement_id OFFSET 0) AS share`;
}

function addStatement(rollUp: string, shares: string, by: string[], totals: string[]): string {
  return `
    INSERT INTO ${rollUp} AS total (${[...by, ...totals].join(', ')})
    SELECT ${[...by, ...totals.map((name) => `$1::int * sum(${name})`)].join(', ')}
    FROM ${shares} GROUP BY ${by.join(', ')}
    ON CONFLICT (${by.join(', ')}) DO UPDATE SET
      ${totals.map((name) => `${name} = total.${name} + EXCLUDED.${name}`).join(', ')}`;
}
