const CHUNK = 500_000;

/**
 * Fills the registry with acquisitions of holders who never come: as many rows as a grown system has, made in the database
 * itself (a million in about a quarter of a minute). Ids are scattered like real ones.
 *
 * @param from acquisitions that are there already
 * @param held coupons of each holder
 */
export async function crowd(admin, { from, to, held, offerIds }) {
  for (let first = from; first < to; first += CHUNK) {
    const last = Math.min(first + CHUNK, to) - 1;
    const holders = [Math.floor(first / held), Math.floor(last / held)];
    await admin.query(HOLDERS, holders);
    await admin.query(MEDIA, holders);
    await admin.query(ACQUISITIONS, [first, last, held, offerIds]);
    await admin.query(COUPONS, [first, last, held, offerIds]);
  }
  await admin.query(
    'VACUUM ANALYZE medium_registry.holder, medium_registry.medium, medium_registry.acquisition, medium_registry.coupon',
  );
}

const HOLDER = (n) => `md5('holder' || ${n})::uuid`;
const HOLDERS = `
  INSERT INTO medium_registry.holder (holder_id, attributes)
  SELECT ${HOLDER('n')}, '{}' FROM generate_series($1::int, $2::int) n ON CONFLICT DO NOTHING`;
/** As long as a real token, and no token of any card: the registry's own key has another name. */
const MEDIA = `
  INSERT INTO medium_registry.medium (token, kind, holder_id)
  SELECT 'crowd:' || left(encode(sha256(('medium' || n)::bytea), 'base64'), 43), 'point-card', ${HOLDER('n')}
  FROM generate_series($1::int, $2::int) n ON CONFLICT DO NOTHING`;
const OFFER = '($4::uuid[])[1 + n % array_length($4::uuid[], 1)]';
const COUPON = "md5('coupon' || n)::uuid";
const ACQUISITION = "md5('acquisition' || n)::uuid";
const ACQUISITIONS = `
  INSERT INTO medium_registry.acquisition (acquisition_id, holder_id, channel, acquired_at, offer_ids, coupon_ids)
  SELECT ${ACQUISITION}, ${HOLDER('n / $3::int')}, 'mobile', now(), ARRAY[${OFFER}], ARRAY[${COUPON}]
  FROM generate_series($1::int, $2::int) n`;
const COUPONS = `
  INSERT INTO medium_registry.coupon (coupon_id, holder_id, offer_id, acquisition_id)
  SELECT ${COUPON}, ${HOLDER('n / $3::int')}, ${OFFER}, ${ACQUISITION} FROM generate_series($1::int, $2::int) n`;
