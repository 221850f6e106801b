import { z } from 'zod';

/** Three digits: the company's own grouping of its products, in UPC-A coupon codes and in AI (8110). */
export const CouponFamily = z.string().regex(/^\d{3}$/, 'must be 3 digits');

/** A North American coupon as AI (8110) tells it. */
export const Gs1CouponData = z
  .string()
  .regex(/^\d{1,70}$/, 'must be 1 to 70 digits')
  .describe('What follows AI (8110).');
