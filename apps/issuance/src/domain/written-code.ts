import type { WriteCouponCodeV1 } from '@couplet/contracts';
import type { z } from 'zod';

/** How a code names what the offer does not know of itself. */
export type CouponNaming = z.output<typeof WriteCouponCodeV1.request>['as'];

/** The code of a paper coupon, or everything that it cannot say. */
export type WrittenCode = { readonly code: string } | { readonly unsayable: readonly Unsayable[] };

export interface Unsayable {
  /** Path in the offer, such as `terms.reward.amount`, or `as.like` in the request. */
  readonly field: string;
  readonly detail: string;
}
