import type { EligibleProductsV1 } from '@couplet/contracts';
import type { z } from 'zod';
import { unitDiscountOf } from '../domain/basket.ts';
import type { IssuedCode } from '../domain/issued-code.ts';
import { covers, type Offer } from '../domain/offer.ts';
import { verifyScanned } from '../domain/scan.ts';
import { checkGuesses, checkTime, countGuess, findCode, type ScanningDeps } from './scanning.ts';

type EligibleReply = z.output<typeof EligibleProductsV1.reply>;

/** The code alone: what it is valid for (seed 003, claims 10 and 49). */
export async function eligibleProducts(
  caller: string,
  request: z.output<typeof EligibleProductsV1.request>,
  deps: ScanningDeps,
): Promise<EligibleReply> {
  checkTime(request.scannedAt, deps);
  await checkGuesses(request, caller, deps);
  const verdict = await verifyScanned(request, { findCode: (content) => findCode(content, deps) });
  if ('reason' in verdict) {
    await countGuess(request, caller, verdict.reason, deps);
    return { result: 'invalid', reason: verdict.reason };
  }
  const { code } = verdict;
  const offers = await deps.registry.offersOf(code.coupons.map(({ offerId }) => offerId));
  const all = productsOf(code, offers);
  const start = request.after === undefined ? 0 : firstAfter(all, request.after);
  const page = all.slice(start, start + request.limit);
  return {
    result: 'valid',
    currency: code.currency,
    productCount: all.length,
    products: page.map((productId) => {
      const unitDiscount = unitDiscountOf(offers.filter((offer) => covers(offer, productId)));
      return { productId, ...(unitDiscount !== undefined && { unitDiscount }) };
    }),
    ...(start + request.limit < all.length && { after: page.at(-1)! }),
  };
}

/** In order, so that a page is the same whenever it is asked for. A code for any product lists none. */
function productsOf({ productIds }: IssuedCode, offers: readonly Offer[]): string[] {
  const covered = productIds ?? offers.flatMap(({ products }) => (products === 'any' ? [] : [...products]));
  return [...new Set(covered)].toSorted();
}

function firstAfter(sorted: readonly string[], after: string): number {
  const index = sorted.findIndex((productId) => productId > after);
  return index === -1 ? sorted.length : index;
}
