import type { OfferApprovedV1, OfferConditions, OfferTerms } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { type Offer, offerOf } from '../src/domain/offer.ts';
import type { UseRequest } from '../src/db/reserve.ts';
import type { ReserveRequest } from '../src/domain/reservation-plan.ts';

type OfferTermsDraft = Pick<OfferTerms, 'requires' | 'reward' | 'storeMatch'>;

export const PRESENTED_AT = '2026-05-10T12:00:00Z';

/** A dollar off one piece of product `milk`, valid through May 2026. */
export function anOffer({
  terms,
  conditions,
  ...rest
}: Partial<{
  offerId: string;
  terms: Partial<OfferTerms>;
  conditions: Partial<OfferConditions>;
}> = {}): OfferApprovedV1 {
  return {
    offerId: uuidv7(),
    version: 3,
    campaignId: uuidv7(),
    title: 'A dollar off milk',
    terms: {
      currency: 'USD',
      requires: [{ productIds: ['milk'], quantity: 1 }],
      reward: { kind: 'amount-off', amount: 100n },
      funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
      ...terms,
    },
    conditions: {
      purposes: ['purchase'],
      validFrom: '2026-05-01T00:00:00Z',
      validTo: '2026-06-01T00:00:00Z',
      ...conditions,
    },
    approvedAt: '2026-04-20T00:00:00Z',
    ...rest,
  };
}

export function aCachedOffer(options?: Parameters<typeof anOffer>[0]): Offer {
  return offerOf(anOffer(options));
}

/** Sixty products of different prices, and offers for three of most of them each: not proven at once, but in about a second. */
const HARD_PRODUCTS = Array.from({ length: 60 }, (_, n) => `p${n}`);

export function hardOffers(): OfferTermsDraft[] {
  return Array.from({ length: 12 }, (_, n) => ({
    requires: [
      { productIds: Array.from({ length: 45 }, (__, k) => `p${(n * 7 + k * 11) % 60}`), quantity: 3 },
    ],
    reward: { kind: 'fixed-price', amount: BigInt(700 + 90 * n) },
    storeMatch: { party: 'store', upToTotal: BigInt(680 + 124 * n) },
  }));
}

/** A basket that they all want. */
export function aHardReserve(rest: Partial<ReserveRequest>): ReserveRequest {
  const request = aReserve({ ...rest, products: HARD_PRODUCTS });
  const lines = request.lines.map((line, n) => ({
    ...line,
    amount: BigInt(100 + ((n * 37) % 60) * 15 + (n % 7)),
  }));
  return { ...request, lines, amount: lines.reduce((sum, { amount }) => sum + amount, 0n) };
}

/** A basket of pieces, each a line of its own and 386 each. */
export function aReserve({
  products = ['milk'],
  ...rest
}: Partial<ReserveRequest> & { products?: string[] } = {}): ReserveRequest {
  return {
    settlementId: uuidv7(),
    media: [],
    purpose: 'purchase',
    storeId: '309',
    presentedAt: PRESENTED_AT,
    resolveAt: '2126-01-01T00:00:00Z',
    currency: 'USD',
    amount: 386n * BigInt(products.length),
    lines: products.map((productId, index) => ({
      lineId: String(index + 1),
      productId,
      quantity: '1',
      unit: 'each',
      amount: 386n,
      discountable: true,
    })),
    ...rest,
  };
}

/** The same basket, of a holder who shows a bar code of these coupons. */
export function aUse({ holderId, couponIds }: UseRequest['held'], products?: string[]): UseRequest {
  const { settlementId, purpose, storeId, presentedAt, currency, amount, lines } = aReserve(
    products && { products },
  );
  return {
    ...{ settlementId, purpose, storeId, presentedAt, currency, amount, lines },
    held: { holderId, couponIds },
    scan: { scanId: uuidv7(), codeId: uuidv7(), terminalId: '4' },
  };
}
