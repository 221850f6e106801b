const COUPONS = 500_000;

/** Tables that let a redemption be updated in place (no index on what it changes, room on the page). @returns the statement */
export async function least(admin) {
  await admin.query(`
    CREATE TABLE ceiling.acquisition (
      id int PRIMARY KEY, holder uuid NOT NULL, offer uuid NOT NULL, uses_left int NOT NULL
    ) WITH (fillfactor = 90);
    CREATE TABLE ceiling.settlement (
      id uuid PRIMARY KEY, attempt uuid NOT NULL UNIQUE, acquisition int NOT NULL, amount int8 NOT NULL,
      at timestamptz NOT NULL DEFAULT now()
    );
    CREATE TABLE ceiling.event (id uuid PRIMARY KEY, payload jsonb NOT NULL)`);
  await admin.query(
    `INSERT INTO ceiling.acquisition SELECT n, gen_random_uuid(), gen_random_uuid(), 1000000000 FROM generate_series(1, $1) n`,
    [COUPONS],
  );
  await admin.query('VACUUM ANALYZE ceiling.acquisition');
  return `
    WITH pick AS MATERIALIZED (SELECT 1 + floor(random() * ${COUPONS})::int AS n, gen_random_uuid() AS id, gen_random_uuid() AS attempt),
    taken AS (
      UPDATE ceiling.acquisition a SET uses_left = uses_left - 1 FROM pick
      WHERE a.id = pick.n AND a.uses_left > 0 RETURNING a.id
    ), settled AS (
      INSERT INTO ceiling.settlement (id, attempt, acquisition, amount)
      SELECT pick.id, pick.attempt, taken.id, 400 FROM pick, taken RETURNING id
    )
    INSERT INTO ceiling.event (id, payload)
    SELECT settled.id, jsonb_build_object('settlementId', settled.id, 'amount', 400, 'discount', 100) FROM settled`;
}
