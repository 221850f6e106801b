import { type DescribeOfferV1, OfferConditions, OfferTerms, type OfferApprovedV1 } from '@couplet/contracts';
import { offerCache, OfferWindow } from '@couplet/offers';
import { prepareOffer } from '@couplet/promotion';
import type pg from 'pg';
import { z } from 'zod';
import { escrowsOf, slotsOf } from '../domain/escrow.ts';
import { offerOf, productsOf, type Offer } from '../domain/offer.ts';

/** Whether an approved offer may be found and acquired. */
export type OfferStanding = 'going-on' | 'paused' | 'ended';

/** Writes an approved offer, the index of its products and the slots of its limits. A repeat changes nothing. */
export async function addOffer(client: pg.PoolClient, event: OfferApprovedV1): Promise<void> {
  const { offerId, campaignId, title, terms, conditions, approvedAt } = event;
  prepareOffer(terms); // Throws on terms that no till could price: better the event waits than the shopper.
  const { rowCount } = await client.query({
    name: 'registry.add-offer',
    text: `INSERT INTO offer (offer_id, campaign_id, title, terms, conditions, valid_to, approved_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
    values: [
      offerId,
      campaignId,
      title,
      JSON.stringify(z.encode(OfferTerms, terms)),
      JSON.stringify(z.encode(OfferConditions, conditions)),
      new Date(new OfferWindow(conditions).closesMs),
      approvedAt,
    ],
  });
  if (rowCount === 0) return;
  await client.query({
    name: 'registry.add-offer-products',
    text: `INSERT INTO offer_product (product_id, offer_id) SELECT unnest($2::text[]), $1`,
    values: [offerId, productsOf(terms)],
  });
  for (const { kind, limit } of escrowsOf(conditions.limits ?? {})) {
    await client.query({
      name: 'registry.add-escrow',
      text: `INSERT INTO escrow_slot (offer_id, kind, slot, remaining)
             SELECT $1, $2, slot - 1, remaining FROM unnest($3::int8[]) WITH ORDINALITY AS s (remaining, slot)`,
      values: [offerId, kind, slotsOf(limit)],
    });
  }
}

/**
 * Keeps what an event after the approval says of an offer, unless a later one has been heard. From the commit on no
 * search finds an offer that does not go on, in any replica: nothing of this is cached.
 */
export async function putStanding(
  client: pg.ClientBase,
  { offerId, state, version }: { offerId: string; state: OfferStanding; version: number },
): Promise<void> {
  await client.query({
    name: 'registry.put-standing',
    text: `INSERT INTO offer_standing AS known (offer_id, state, version) VALUES ($1, $2, $3)
           ON CONFLICT (offer_id) DO UPDATE SET state = excluded.state, version = excluded.version
           WHERE known.version < excluded.version`,
    values: [offerId, state, version],
  });
}

/** Whether the approval of an offer has been heard of. */
export async function isKnown(client: pg.ClientBase, offerId: string): Promise<boolean> {
  const { rowCount } = await client.query({
    name: 'registry.offer-known',
    text: 'SELECT FROM offer WHERE offer_id = $1',
    values: [offerId],
  });
  return rowCount === 1;
}

/** An approved offer as it was approved; undefined when it was not, or not heard of yet. */
export async function readOffer(
  pool: pg.Pool,
  offerId: string,
): Promise<z.output<typeof DescribeOfferV1.reply> | undefined> {
  const [offer] = await loadRows(pool, [offerId]);
  return offer;
}

/** Offers as they were approved, read from the database once. */
export class OfferCache {
  private readonly offers = offerCache<Offer>(({ terms }) => productsOf(terms).length);

  /** Those of the offers that are known here, whether they go on or not; reads the ones not yet kept by one query. */
  async get(client: pg.ClientBase | pg.Pool, offerIds: readonly string[]): Promise<Map<string, Offer>> {
    const found = new Map<string, Offer>();
    for (const offerId of offerIds) {
      const offer = this.offers.get(offerId);
      if (offer) found.set(offerId, offer);
    }
    const missing = offerIds.filter((offerId) => !found.has(offerId));
    const loaded = missing.length > 0 ? await load(client, missing) : [];
    for (const offer of loaded) {
      this.offers.set(offer.offerId, offer);
      found.set(offer.offerId, offer);
    }
    return found;
  }
}

async function load(client: pg.ClientBase | pg.Pool, offerIds: string[]): Promise<Offer[]> {
  const rows = await loadRows(client, offerIds);
  return rows.map((row) => {
    prepareOffer(row.terms);
    return offerOf(row);
  });
}

async function loadRows(
  client: pg.ClientBase | pg.Pool,
  offerIds: string[],
): Promise<z.output<typeof DescribeOfferV1.reply>[]> {
  const { rows } = await client.query<{
    offer_id: string;
    title: string;
    terms: unknown;
    conditions: unknown;
  }>({
    name: 'registry.load-offers',
    text: 'SELECT offer_id, title, terms, conditions FROM offer WHERE offer_id = ANY ($1::uuid[])',
    values: [offerIds],
  });
  return rows.map(({ offer_id, title, terms, conditions }) => ({
    offerId: offer_id,
    title,
    terms: OfferTerms.decode(terms as z.input<typeof OfferTerms>),
    conditions: OfferConditions.decode(conditions as z.input<typeof OfferConditions>),
  }));
}
