import { z } from 'zod';
import { Name } from './values.ts';

/** What a coupon gives beside money off (seed 000, claim 4): the store hands it over, or the scheme credits it. */
export const Benefit = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('gift'),
    productId: Name,
    quantity: z.int().min(1).max(1_000).describe('Pieces.'),
  }),
  z.object({
    kind: z.literal('points'),
    scheme: Name.describe('The loyalty scheme that credits them.'),
    points: z.int().min(1).max(1_000_000_000),
  }),
  z.object({ kind: z.literal('upgrade'), to: Name.describe('What the holder gets instead.') }),
  z.object({
    kind: z.literal('ticket'),
    event: Name.describe('What it admits to.'),
    admits: z.int().min(1).max(1_000).describe('People, once.'),
  }),
]);
export type Benefit = z.output<typeof Benefit>;
