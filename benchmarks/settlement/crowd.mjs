import { createHash } from 'node:crypto';

const CHUNK = 500_000;

/** From one member to the next: a prime, so that they lie scattered over the tables and all have their turn. */
const STRIDE = 611_953;

/**
 * The acquisitions of a grown system: rows made in the database itself, with ids that are scattered like real ones.
 * Members present themselves only by the cards that they are given.
 */
export class Crowd {
  #acquisitions = 0;
  #called = 0;

  /** @param held coupons of each member */
  constructor(system, { held, offerIds }) {
    Object.assign(this, { system, held, offerIds });
  }

  async growTo(acquisitions) {
    const { admin } = this.system;
    for (let first = this.#acquisitions; first < acquisitions; first += CHUNK) {
      const last = Math.min(first + CHUNK, acquisitions) - 1;
      const members = [Math.floor(first / this.held), Math.floor(last / this.held)];
      await admin.query(HOLDERS, members);
      await admin.query(MEDIA, members);
      await admin.query(ACQUISITIONS, [first, last, this.held, this.offerIds]);
      await admin.query(COUPONS, [first, last, this.held, this.offerIds]);
    }
    this.#acquisitions = acquisitions;
    await admin.query(`VACUUM ANALYZE medium_registry.holder, medium_registry.medium,
                                      medium_registry.acquisition, medium_registry.coupon`);
  }

  /**
   * Members from all over the tables, each with a coupon left and a card of their own; newcomers who hold as much when the
   * crowd is too small for so many.
   *
   * @returns the number of the first, as `Shoppers` counts them
   */
  async call(count) {
    const { shoppers } = this.system;
    if (this.#called + count > this.#acquisitions) return shoppers.bring(count, this.offerIds, this.held);
    const members = Math.floor(this.#acquisitions / this.held);
    const ids = Array.from({ length: count }, (_, n) => holderId(((this.#called + n) * STRIDE) % members));
    this.#called += count;
    return shoppers.giveCards(ids);
  }
}

/** As `idOf` makes it in the database. */
function holderId(n) {
  const hex = createHash('md5').update(`holder${n}`).digest('hex');
  return `${hex.slice(0, 12)}4${hex.slice(13, 16)}8${hex.slice(17)}`;
}

/** Scattered, and a UUID of a version and variant that contracts take. @param n an SQL expression */
function idOf(kind, n) {
  return `overlay(overlay(md5('${kind}' || ${n}) placing '4' from 13) placing '8' from 17)::uuid`;
}

const HOLDERS = `
  INSERT INTO medium_registry.holder (holder_id, attributes)
  SELECT ${idOf('holder', 'n')}, '{}' FROM generate_series($1::int, $2::int) n ON CONFLICT DO NOTHING`;
/** As long as a real token, and no token of any card: the registry's own key has another name. */
const MEDIA = `
  INSERT INTO medium_registry.medium (token, kind, holder_id)
  SELECT 'crowd:' || left(encode(sha256(('medium' || n)::bytea), 'base64'), 43), 'point-card', ${idOf('holder', 'n')}
  FROM generate_series($1::int, $2::int) n ON CONFLICT DO NOTHING`;
const OFFER = '($4::uuid[])[1 + n % array_length($4::uuid[], 1)]';
const COUPON = idOf('coupon', 'n');
const ACQUISITION = idOf('acquisition', 'n');
const ACQUISITIONS = `
  INSERT INTO medium_registry.acquisition (acquisition_id, holder_id, channel, acquired_at, offer_ids, coupon_ids)
  SELECT ${ACQUISITION}, ${idOf('holder', 'n / $3::int')}, 'mobile', now(), ARRAY[${OFFER}], ARRAY[${COUPON}]
  FROM generate_series($1::int, $2::int) n`;
const COUPONS = `
  INSERT INTO medium_registry.coupon (coupon_id, holder_id, offer_id, acquisition_id)
  SELECT ${COUPON}, ${idOf('holder', 'n / $3::int')}, ${OFFER}, ${ACQUISITION} FROM generate_series($1::int, $2::int) n`;
