import { z } from 'zod';
import { Benefit } from './benefit.ts';
import { FundingShare, Id, MinorAmount, Name } from './values.ts';

/** What one coupon does to one basket: the lines sum to the discount, and so does the funding. */
export const AppliedCoupon = z.object({
  couponId: Id,
  offerId: Id,
  title: z.string(),
  discount: MinorAmount,
  lines: z.array(z.object({ lineId: Name, discount: MinorAmount })),
  funding: z.array(FundingShare),
  benefit: Benefit.optional().describe('Given beside or instead of a discount.'),
});
export type AppliedCoupon = z.output<typeof AppliedCoupon>;
