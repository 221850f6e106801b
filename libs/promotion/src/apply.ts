import { allocate, sum } from './allocate.ts';
import type { TakenPieces } from './price.ts';
import { amountByLine, cheapestPieces, percentageOf, priceCoupon } from './price.ts';
import type { AppliedCoupon, Basket, Coupon, OfferTerms } from './types.ts';

/** Splits what a coupon comes to over the lines it took pieces from, and over those who pay. */
export function applyCoupon(
  { couponId, offerId, terms }: Coupon,
  taken: readonly TakenPieces[],
  basket: Basket,
): AppliedCoupon {
  const { face, match } = priceCoupon(terms, taken);
  const lines = [...lineDiscounts(terms, taken, face, match)].sort(([a], [b]) => a - b);
  return {
    couponId,
    offerId,
    discount: face + match,
    lines: lines
      .map(([line, discount]) => ({ lineId: basket.lines[line]!.lineId, discount }))
      .filter(({ discount }) => discount > 0n),
    funding: fundingOf(terms, face, match),
  };
}

function lineDiscounts(
  { reward }: OfferTerms,
  taken: readonly TakenPieces[],
  face: bigint,
  match: bigint,
): Map<number, bigint> {
  const amounts = amountByLine([...taken].sort((a, b) => a.line - b.line));
  if (reward.kind === 'amount-off') return split(face + match, amounts);

  const ownFace =
    reward.kind === 'free-item'
      ? amountByLine(cheapestPieces(taken, reward.quantity))
      : new Map([...amounts].map(([line, amount]) => [line, percentageOf(amount, reward.rateBps)]));
  const faces = sum([...ownFace.values()]) === face ? ownFace : split(face, amounts);
  const room = new Map([...amounts].map(([line, amount]) => [line, amount - (faces.get(line) ?? 0n)]));
  const matches = split(match, room);
  return new Map([...amounts.keys()].map((line) => [line, (faces.get(line) ?? 0n) + matches.get(line)!]));
}

function split(total: bigint, weights: Map<number, bigint>): Map<number, bigint> {
  const parts = allocate(total, [...weights.values()]);
  return new Map([...weights.keys()].map((line, position) => [line, parts[position]!]));
}

function fundingOf(
  { funding, storeMatch }: OfferTerms,
  face: bigint,
  match: bigint,
): AppliedCoupon['funding'] {
  const shares = allocate(
    face,
    funding.map(({ shareBps }) => BigInt(shareBps)),
  );
  const entries = funding.map(({ party }, position) => ({ party, amount: shares[position]! }));
  if (storeMatch) entries.push({ party: storeMatch.party, amount: match });
  return entries.filter(({ amount }) => amount > 0n);
}
