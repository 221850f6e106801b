import { isDeepStrictEqual } from 'node:util';
import { OfferConditions, type OfferState, OfferTerms } from '@couplet/contracts';
import { OfferWindow } from '@couplet/offers';
import { In, type EntityManager } from 'typeorm';
import { z } from 'zod';
import type { Draft } from '../domain/draft.ts';
import { Offer } from './entities.ts';

/** @returns the ids of the drafts that are new, and of those that exist with another body */
export async function addDrafts(
  manager: EntityManager,
  drafts: readonly Draft[],
  draftedBy: string,
): Promise<{ drafted: string[]; different: string[] }> {
  const bodies = drafts.map(bodyOf);
  const inserted = await manager
    .createQueryBuilder()
    .insert()
    .into(Offer)
    .values(
      bodies.map((body, index) => ({
        ...body,
        state: 'draft' as const,
        version: 1,
        draftedBy,
        writtenBy: [draftedBy],
        closesAt: closesAt(drafts[index]!),
      })),
    )
    .orIgnore()
    .returning(['offerId'])
    .execute();
  const drafted = (inserted.raw as { offer_id: string }[]).map(({ offer_id }) => offer_id);
  const fresh = new Set(drafted);
  const repeated = bodies.filter(({ offerId }) => !fresh.has(offerId));
  const stored = await manager.findBy(Offer, { offerId: In(repeated.map(({ offerId }) => offerId)) });
  const byId = new Map(stored.map((offer) => [offer.offerId, bodyOfStored(offer)]));
  const different = repeated.filter((body) => !isDeepStrictEqual(byId.get(body.offerId), body));
  return { drafted, different: different.map(({ offerId }) => offerId) };
}

/** As on the wire, and as it is stored. */
export function bodyOf({ offerId, campaignId, title, terms, conditions }: Draft) {
  return {
    offerId: offerId.toLowerCase(),
    campaignId: campaignId.toLowerCase(),
    title,
    terms: withoutUndefined(z.encode(OfferTerms, terms)),
    conditions: withoutUndefined(z.encode(OfferConditions, conditions)),
  };
}

function closesAt({ conditions }: Draft): Date {
  return new Date(new OfferWindow(conditions).closesMs);
}

function bodyOfStored({ offerId, campaignId, title, terms, conditions }: Offer) {
  return { offerId, campaignId, title, terms, conditions };
}

/** As it comes back from the database, so that the two can be compared. */
function withoutUndefined(wire: object): object {
  return JSON.parse(JSON.stringify(wire)) as object;
}

/** As far as an act needs it. */
export type LockedOffer = Pick<
  Offer,
  'offerId' | 'campaignId' | 'state' | 'version' | 'writtenBy' | 'submittedBy' | 'approvedBy'
> & { currency: string; budget?: bigint };

/** How these offers stand; nobody else moves them until the transaction ends. Unknown ids are missing. */
export async function lockOffers(
  manager: EntityManager,
  offerIds: readonly string[],
): Promise<LockedOffer[]> {
  const rows: LockedRow[] = await manager.query(
    `SELECT offer_id, campaign_id, state, version, written_by, submitted_by, approved_by,
       terms ->> 'currency' AS currency, (conditions #>> '{limits,budget}') AS budget
     FROM offer WHERE offer_id = ANY ($1::uuid[])
     ORDER BY offer_id FOR UPDATE`, // In one order everywhere: two requests that share offers wait instead of deadlocking.
    [offerIds],
  );
  return rows.map((row) => ({
    offerId: row.offer_id,
    campaignId: row.campaign_id,
    state: row.state,
    version: row.version,
    writtenBy: row.written_by,
    submittedBy: row.submitted_by,
    approvedBy: row.approved_by,
    currency: row.currency,
    ...(row.budget !== null && { budget: BigInt(row.budget) }),
  }));
}

interface LockedRow {
  offer_id: string;
  campaign_id: string;
  state: OfferState;
  version: number;
  written_by: string[];
  submitted_by: string | null;
  approved_by: string | null;
  currency: string;
  budget: string | null;
}

/** What an act writes beside the state. */
export type Signature = Partial<Pick<Offer, 'submittedBy' | 'submittedAt' | 'approvedBy' | 'approvedAt'>>;

/** @throws if an offer was no longer in the state it is moved from */
export async function moveOffers(
  manager: EntityManager,
  offerIds: readonly string[],
  { from, to, ...signature }: { from: OfferState; to: OfferState } & Signature,
): Promise<void> {
  const { affected } = await manager.update(
    Offer,
    { offerId: In([...offerIds]), state: from },
    { ...signature, state: to, version: () => 'version + 1' },
  );
  if (affected !== offerIds.length) throw new Error(`${affected} of ${offerIds.length} offers were ${from}`);
}

/** The stored bodies, as on the wire. */
export async function readBodies(
  manager: EntityManager,
  offerIds: readonly string[],
): Promise<Map<string, ReturnType<typeof bodyOf>>> {
  const offers = await manager.findBy(Offer, { offerId: In([...offerIds]) });
  return new Map(offers.map((offer) => [offer.offerId, bodyOfStored(offer)]));
}

/** Rewrites one draft. @throws if it was no longer a draft of that version */
export async function rewriteDraft(
  manager: EntityManager,
  draft: Draft,
  { version, writtenBy }: { version: number; writtenBy: string[] },
): Promise<void> {
  const { offerId, ...body } = bodyOf(draft);
  const { affected } = await manager.update(
    Offer,
    { offerId, state: 'draft', version },
    { ...body, writtenBy, closesAt: closesAt(draft), version: version + 1 },
  );
  if (affected !== 1) throw new Error(`offer ${offerId} was no draft of version ${version}`);
}

/** Whole offers: one may hold twenty thousand products, so ask for few at a time. */
export async function readOffers(manager: EntityManager, offerIds: readonly string[]): Promise<Draft[]> {
  const offers = await manager.findBy(Offer, { offerId: In([...offerIds]) });
  return offers.map(({ offerId, campaignId, title, terms, conditions }) => ({
    offerId,
    campaignId,
    title,
    terms: OfferTerms.parse(terms),
    conditions: OfferConditions.parse(conditions),
  }));
}
