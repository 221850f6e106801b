import { z } from 'zod';
import { request } from '../contract.ts';
import { Name } from '../values.ts';
import { RecordedBy } from './recorded-by.ts';

/** Adds products to the catalogue, or replaces them; send a large catalogue in several requests. */
export const ImportProductsV1 = request({
  service: 'issuance',
  verb: 'import-products',
  version: 1,
  callers: ['operator', 'gateway'],
  summary: 'Add or replace products of the catalogue.',
  request: z.object({
    importedBy: RecordedBy,
    products: z
      .array(
        z.object({
          productId: Name,
          manufacturer: Name,
          department: z.string().max(64),
          brand: z.string().max(64),
          category: z.string().max(64),
          type: z.string().max(64),
          packageSize: z.string().max(64),
        }),
      )
      .min(1)
      .max(5_000),
  }),
  reply: z.object({ imported: z.int() }),
});
