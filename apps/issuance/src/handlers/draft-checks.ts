import type { EntityManager } from 'typeorm';
import { unknownNames } from '../db/catalogue.ts';
import {
  campaignsOf,
  type Draft,
  partiesOf,
  productsOf,
  type Reference,
  tooLarge,
  twiceNamed,
} from '../domain/draft.ts';
import { refuse } from './refusals.ts';

/**
 * Whether everything that the drafts name exists, and their events can be published.
 *
 * @throws ProblemError `invalid-request` that names the fields
 */
export async function checkDrafts(manager: EntityManager, drafts: readonly Draft[]): Promise<void> {
  refuse('an offer may be in a request once', twiceNamed(drafts).map(saying('is there twice')));
  const oversized = tooLarge(drafts).map(({ field, bytes, max }) => ({
    field,
    detail: `its event has ${bytes} bytes, at most ${max}: split the offer`,
  }));
  refuse('an offer must fit into one message', oversized);
  await refuseUnknown(manager, 'campaign', campaignsOf(drafts));
  await refuseUnknown(manager, 'funding_party', partiesOf(drafts));
  await refuseUnknown(manager, 'product', productsOf(drafts));
}

const WHAT = {
  campaign: ['offers name campaigns that were not created', 'is no campaign'],
  funding_party: ['offers name funding parties that are not registered', 'is not registered'],
  product: ['offers name products that the catalogue does not have', 'is not in the catalogue'],
} as const;

async function refuseUnknown(
  manager: EntityManager,
  kind: keyof typeof WHAT,
  references: readonly Reference[],
): Promise<void> {
  const unknown = await unknownNames(
    manager,
    kind,
    references.map(({ name }) => name),
  );
  const [what, why] = WHAT[kind];
  refuse(what, references.filter(({ name }) => unknown.has(name)).map(saying(why)));
}

const saying =
  (why: string) =>
  ({ name, field }: Reference) => ({ field, detail: `${name} ${why}` });
