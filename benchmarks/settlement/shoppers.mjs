import { readFileSync } from 'node:fs';
import { loadTokenKey, mediumToken } from '@couplet/medium-id';
import { holderIdOf, pointCardOf } from '../../apps/cli/dist/plan/holders.js';

const CHUNK = 10_000;

/** Shoppers with one coupon each, written straight into the registry's schema: nobody measures how they came there. */
export class Shoppers {
  #next = 1;
  /** Coupons that may be used more than once, with the uses that are gone. */
  usedOften = new Map();

  constructor(admin, tokenKeyFile) {
    this.admin = admin;
    this.tokenKey = loadTokenKey(readFileSync(tokenKeyFile, 'utf8').trim());
  }

  /**
   * @param offerIds shared out among them in turn
   * @param held coupons of each, of as many offers
   * @returns the number of the first; the others follow it
   */
  async bring(count, offerIds, held = 1) {
    const first = this.#number(count);
    for (let from = first; from < first + count; from += CHUNK) {
      const households = householdsFrom(from, Math.min(CHUNK, first + count - from));
      const values = [households.map(holderIdOf), this.#tokens(households), offerIds, held];
      await this.admin.query(WRITE, values);
    }
    await this.admin.query('ANALYZE medium_registry.medium, medium_registry.coupon, medium_registry.holder');
    return first;
  }

  /** Gives each of these holders, who are there already, one card more. @returns the number of the first, as above */
  async giveCards(holderIds) {
    const first = this.#number(holderIds.length);
    for (let from = 0; from < holderIds.length; from += CHUNK) {
      const some = holderIds.slice(from, from + CHUNK);
      const tokens = this.#tokens(householdsFrom(first + from, some.length));
      await this.admin.query(
        `INSERT INTO medium_registry.medium (token, kind, holder_id)
         SELECT token, 'point-card', holder_id FROM unnest($1::text[], $2::uuid[]) AS m (token, holder_id)`,
        [tokens, some],
      );
    }
    return first;
  }

  /** One shopper whose one coupon may be used so often. @returns its number */
  async bringOneForAll(offerId, uses) {
    const first = await this.bring(1, [offerId]);
    await this.admin.query('UPDATE medium_registry.coupon SET uses_left = $2 WHERE holder_id = $1', [
      holderIdOf(String(first)),
      uses,
    ]);
    return first;
  }

  /** @param uses that it began with */
  async countUses(shopper, uses) {
    const { rows } = await this.admin.query(
      'SELECT coupon_id, uses_left FROM medium_registry.coupon WHERE holder_id = $1',
      [holderIdOf(String(shopper))],
    );
    this.usedOften.set(rows[0].coupon_id, uses - rows[0].uses_left);
  }

  #number(count) {
    const first = this.#next;
    this.#next += count;
    return first;
  }

  #tokens(households) {
    return households.map((household) => mediumToken(this.tokenKey, pointCardOf(household)));
  }
}

function householdsFrom(first, count) {
  return Array.from({ length: count }, (_, n) => String(first + n));
}

const WRITE = `
  WITH held AS MATERIALIZED (
    SELECT holder_id, token, gen_random_uuid() AS coupon_id, ($3::uuid[])[1 + (n + k) % array_length($3::uuid[], 1)] AS offer_id
    FROM unnest($1::uuid[], $2::text[]) WITH ORDINALITY AS s (holder_id, token, n), generate_series(1, $4::int) AS k
  ), shopper AS MATERIALIZED (
    SELECT holder_id, token, gen_random_uuid() AS acquisition_id, array_agg(offer_id) AS offer_ids, array_agg(coupon_id) AS coupon_ids
    FROM held GROUP BY 1, 2
  ), holders AS (
    INSERT INTO medium_registry.holder (holder_id, attributes) SELECT holder_id, '{}' FROM shopper
  ), media AS (
    INSERT INTO medium_registry.medium (token, kind, holder_id) SELECT token, 'point-card', holder_id FROM shopper
  ), acquired AS (
    INSERT INTO medium_registry.acquisition (acquisition_id, holder_id, channel, acquired_at, offer_ids, coupon_ids)
    SELECT acquisition_id, holder_id, 'mobile', now(), offer_ids, coupon_ids FROM shopper
  )
  INSERT INTO medium_registry.coupon (coupon_id, holder_id, offer_id, acquisition_id)
  SELECT coupon_id, holder_id, offer_id, acquisition_id FROM held JOIN shopper USING (holder_id)`;
