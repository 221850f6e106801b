import { z } from 'zod';
import { Benefit } from './benefit.ts';
import { SettledBy } from './settled-by.ts';
import { FundingShare, Id, MinorAmount, Name } from './values.ts';

/** What one coupon does to one basket: the funding sums to the discount, and so do the lines where the sale has any. */
export const AppliedCoupon = z.object({
  couponId: Id,
  offerId: Id,
  title: z.string(),
  discount: MinorAmount,
  lines: z
    .array(z.object({ lineId: Name, discount: MinorAmount }))
    .describe('They sum to the discount, or are empty for a sale without lines.'),
  funding: z.array(FundingShare),
  settledBy: SettledBy.optional(),
  benefit: Benefit.optional().describe('Given beside or instead of a discount.'),
});
export type AppliedCoupon = z.output<typeof AppliedCoupon>;
