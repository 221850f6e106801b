import type { Draft } from './draft.ts';
import { gs1CodeOf } from './gs1-code.ts';
import { upcCodeOf } from './upc-code.ts';
import type { CouponNaming, WrittenCode } from './written-code.ts';

/** Writes what `draftOf` reads; there is a code only where it is read back to the terms that it was written from. */
export function codeOf(offer: Pick<Draft, 'terms' | 'conditions'>, naming: CouponNaming): WrittenCode {
  return naming.kind === 'upc-a' ? upcCodeOf(offer.terms, naming) : gs1CodeOf(offer, naming.like);
}
