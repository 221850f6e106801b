const COUPONS = 200_000;

/** Tables that a settlement has rows in when it is answered, and how those of one are found. */
const TABLES = [
  ['settlement_relay', 'attempt', 'settlement_id = $1::uuid'],
  ['settlement_relay', 'card_authorization', 'settlement_id = $1::uuid'],
  ['settlement_relay', 'granted_sale', 'settlement_id = $1::uuid'],
  ['settlement_relay', 'outbox', "payload LIKE '%' || $1 || '%' AND subject LIKE '%settlement-granted%'"],
  ['medium_registry', 'reservation_set', 'settlement_id = $1::uuid'],
  ['medium_registry', 'reservation', 'settlement_id = $1::uuid'],
  [
    'medium_registry',
    'coupon_usage',
    'holder_id IN (SELECT holder_id FROM medium_registry.reservation WHERE settlement_id = $1::uuid)',
  ],
  ['medium_registry', 'outbox', "payload LIKE '%' || $1 || '%' AND subject LIKE '%coupons-searched%'"],
];

/**
 * Keeps the rows of a settlement that was really made, and lets one statement write them again, with new ids, into tables
 * made like the real ones with their indexes and checks. So it follows the schema as that changes.
 *
 * @returns the statement
 * @throws if nothing was settled with a coupon yet
 */
export async function everyRow(admin) {
  const settlementId = await newestWithCoupon(admin);
  const ids = new Map();
  const inserts = [];
  for (const [schema, table, where] of TABLES) {
    const copy = `ceiling.${schema}_${table}`;
    await copyTable(admin, `${schema}.${table}`, copy);
    await admin.query(`CREATE TABLE ${copy}_row (LIKE ${schema}.${table} INCLUDING GENERATED)`);
    const columns = await columnsOf(admin, schema, table);
    const names = columns.map(({ name }) => name).join(', ');
    const { rows } = await admin.query(
      `INSERT INTO ${copy}_row (${names}) SELECT ${names} FROM ${schema}.${table} WHERE ${where} LIMIT 1 RETURNING *`,
      [settlementId],
    );
    if (!rows[0]) throw new Error(`Settlement ${settlementId} has no row in ${schema}.${table}`);
    inserts.push(insertOf(copy, columns, rows[0], ids));
  }
  return statementOf(inserts, ids, await couponUpdate(admin), await newId(admin));
}

async function newestWithCoupon(admin) {
  const { rows } = await admin.query(
    'SELECT max(settlement_id::text) AS id FROM medium_registry.reservation',
  );
  if (!rows[0].id)
    throw new Error('The ceiling is made of a settlement with a coupon, and there is none yet');
  return rows[0].id;
}

/** With its indexes, checks and storage parameters; without foreign keys. */
async function copyTable(admin, table, copy) {
  await admin.query(`CREATE TABLE ${copy} (LIKE ${table} INCLUDING ALL)`);
  const { rows } = await admin.query(
    `SELECT array_to_string(reloptions, ', ') AS parameters FROM pg_class WHERE oid = $1::regclass`,
    [table],
  );
  if (rows[0].parameters) await admin.query(`ALTER TABLE ${copy} SET (${rows[0].parameters})`);
}

async function columnsOf(admin, schema, table) {
  const { rows } = await admin.query(
    `SELECT attname AS name, format_type(atttypid, atttypmod) AS type FROM pg_attribute
     WHERE attrelid = ($1 || '.' || $2)::regclass AND attnum > 0 AND NOT attisdropped
       AND attgenerated = '' AND attidentity = '' ORDER BY attnum`,
    [schema, table],
  );
  return rows;
}

/** @param ids grows by every id that is seen: its name in the statement */
function insertOf(copy, columns, row, ids) {
  const values = columns.map(({ name, type }) => {
    const value = row[name];
    if (type !== 'uuid' || value === null) return `kept.${name}`;
    if (!ids.has(value)) ids.set(value, `id${ids.size}`);
    return `ids.${ids.get(value)}`;
  });
  const names = columns.map(({ name }) => name).join(', ');
  return `INSERT INTO ${copy} (${names}) SELECT ${values.join(', ')} FROM ids, ${copy}_row AS kept`;
}

async function couponUpdate(admin) {
  await copyTable(admin, 'medium_registry.coupon', 'ceiling.coupon');
  await admin.query(
    `INSERT INTO ceiling.coupon (coupon_id, holder_id, offer_id, acquisition_id, uses_left)
     SELECT id, id, id, id, 1000000000 FROM generate_series(0, $1 - 1) n, LATERAL (SELECT ${KEY}) AS k (id)`,
    [COUPONS],
  );
  await admin.query('VACUUM ANALYZE ceiling.coupon');
  return `UPDATE ceiling.coupon c SET uses_left = uses_left - 1 FROM ids
          WHERE c.holder_id = ids.held AND c.offer_id = ids.held AND c.coupon_id = ids.held AND c.uses_left > 0`;
}
/** Of coupon n; scattered, as the ids of holders are. */
const KEY = 'md5(n::text)::uuid';

async function newId(admin) {
  const { rows } = await admin.query("SELECT to_regprocedure('uuidv7()') IS NOT NULL AS has");
  return rows[0].has ? 'uuidv7()' : 'gen_random_uuid()';
}

function statementOf(inserts, ids, update, id) {
  const fresh = [...ids.values()].map((name) => `${id} AS ${name}`).join(', ');
  const steps = inserts.map((insert, n) => `row${n} AS (${insert})`);
  return `
    WITH ids AS MATERIALIZED (
      SELECT ${KEY} AS held, ${fresh} FROM (SELECT floor(random() * ${COUPONS})::int AS n) AS pick
    ), ${steps.join(', ')}
    ${update}`;
}
