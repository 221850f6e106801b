import { ProblemError } from '@couplet/contracts';
import type { EntityManager } from 'typeorm';
import { type LockedOffer, lockOffers } from '../db/offers.ts';
import { refuse, someOf } from './refusals.ts';

/**
 * Locks the offers that a person wants to act on, as that person saw them.
 *
 * @throws ProblemError `not-found` if one does not exist, `conflict` if one has changed since
 */
export async function offersToActOn(
  manager: EntityManager,
  { offerIds, versions }: { offerIds: readonly string[]; versions?: readonly number[] | undefined },
): Promise<LockedOffer[]> {
  if (versions && versions.length !== offerIds.length) {
    const detail = `has ${versions.length} entries, offerIds has ${offerIds.length}`;
    refuse('versions belong to offerIds one by one', [{ field: 'versions', detail }]);
  }
  const asked = new Map(offerIds.map((id, index) => [id.toLowerCase(), versions?.[index]]));
  const offers = await lockOffers(manager, [...asked.keys()]);
  const known = new Set(offers.map(({ offerId }) => offerId));
  const missing = [...asked.keys()].filter((offerId) => !known.has(offerId));
  if (missing.length > 0) throw new ProblemError('not-found', `there are no such offers: ${someOf(missing)}`);
  const changed = offers.filter(({ offerId, version }) => (asked.get(offerId) ?? version) !== version);
  if (changed.length > 0) {
    const reasons = changed.map(({ offerId, version }) => `${offerId} has version ${version} now`);
    throw new ProblemError('conflict', `these offers have changed since: ${someOf(reasons)}`);
  }
  return offers;
}
