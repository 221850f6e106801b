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
   * @returns the number of the first; the others follow it
   */
  async bring(count, offerIds, onProgress = () => undefined) {
    const first = this.#next;
    this.#next += count;
    for (let from = first; from < first + count; from += CHUNK) {
      await this.#write(from, Math.min(CHUNK, first + count - from), offerIds);
      onProgress(from - first);
    }
    await this.admin.query('ANALYZE medium_registry.medium, medium_registry.coupon, medium_registry.holder');
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

  async #write(from, count, offerIds) {
    const households = Array.from({ length: count }, (_, n) => String(from + n));
    const tokens = households.map((household) => mediumToken(this.tokenKey, pointCardOf(household)));
    const values = [
      households.map(holderIdOf),
      tokens,
      households.map((_, n) => offerIds[n % offerIds.length]),
    ];
    await this.admin.query(WRITE, values);
  }
}

const WRITE = `
  WITH shopper AS MATERIALIZED (
    SELECT holder_id, token, offer_id, gen_random_uuid() AS acquisition_id, gen_random_uuid() AS coupon_id
    FROM unnest($1::uuid[], $2::text[], $3::uuid[]) AS s (holder_id, token, offer_id)
  ), holders AS (
    INSERT INTO medium_registry.holder (holder_id, attributes) SELECT holder_id, '{}' FROM shopper
  ), media AS (
    INSERT INTO medium_registry.medium (token, kind, holder_id) SELECT token, 'point-card', holder_id FROM shopper
  ), acquired AS (
    INSERT INTO medium_registry.acquisition (acquisition_id, holder_id, channel, acquired_at, offer_ids, coupon_ids)
    SELECT acquisition_id, holder_id, 'mobile', now(), ARRAY[offer_id], ARRAY[coupon_id] FROM shopper
  )
  INSERT INTO medium_registry.coupon (coupon_id, holder_id, offer_id, acquisition_id)
  SELECT coupon_id, holder_id, offer_id, acquisition_id FROM shopper`;
