import type { ImportProductsV1, RegisterFundingPartiesV1 } from '@couplet/contracts';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { FundingParty, Product } from './entities.ts';

type NewProduct = z.output<typeof ImportProductsV1.request>['products'][number];
type NewParty = z.output<typeof RegisterFundingPartiesV1.request>['parties'][number];

/** Adds or replaces; the last of several with one id counts. */
export async function putProducts(manager: EntityManager, products: readonly NewProduct[]): Promise<void> {
  const last = [...new Map(products.map((product) => [product.productId, product])).values()];
  await manager
    .createQueryBuilder()
    .insert()
    .into(Product)
    .values(last)
    .orUpdate(['manufacturer', 'department', 'brand', 'category', 'type', 'package_size'], ['product_id'])
    .updateEntity(false)
    .execute();
}

/** Adds or replaces. @returns those that were not there, or were different */
export async function putParties(manager: EntityManager, parties: readonly NewParty[]): Promise<NewParty[]> {
  const last = [...new Map(parties.map((each) => [each.party, each])).values()];
  const known = await manager
    .createQueryBuilder(FundingParty, 'known')
    .where('known.party = ANY(:names)', { names: last.map(({ party }) => party) })
    .getMany();
  const before = new Map(known.map((each) => [each.party, each]));
  const changed = last.filter(({ party, kind, title }) => {
    const old = before.get(party);
    return old?.kind !== kind || old.title !== title;
  });
  if (changed.length > 0) await manager.upsert(FundingParty, changed, ['party']);
  return changed;
}

/** Those of the names that no product, party or campaign has. */
export async function unknownNames(
  manager: EntityManager,
  kind: 'product' | 'funding_party' | 'campaign',
  names: readonly string[],
): Promise<Set<string>> {
  const key = { product: 'product_id', funding_party: 'party', campaign: 'campaign_id' }[kind];
  const rows: { name: string }[] = await manager.query(
    `SELECT name FROM unnest($1::text[]) AS name
      WHERE NOT EXISTS (SELECT FROM ${kind} WHERE ${key} = name::${kind === 'campaign' ? 'uuid' : 'text'})`,
    [[...new Set(names)]],
  );
  return new Set(rows.map(({ name }) => name));
}
