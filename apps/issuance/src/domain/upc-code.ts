import {
  type OfferTerms,
  parseUpcCoupon,
  termsOfUpc,
  UPC_VALUE_CODES,
  writeUpcCoupon,
} from '@couplet/promotion';
import type { CouponNaming, Unsayable, WrittenCode } from './written-code.ts';
import { unsaidOf } from './said-terms.ts';
import { upcCheckDigit } from './upc-check-digit.ts';

export function upcCodeOf(
  terms: OfferTerms,
  naming: Pick<CouponNaming & { kind: 'upc-a' }, 'manufacturer' | 'family'>,
): WrittenCode {
  const code = writeUpcCoupon(naming, terms);
  const coupon = code === undefined ? undefined : parseUpcCoupon(code);
  const said =
    coupon === undefined || 'notEncoded' in coupon
      ? { ...terms, currency: 'USD' }
      : termsOfUpc(coupon, terms.requires[0]!.productIds);
  const { currency, requires, reward } = said;
  const unsayable = [
    ...(code === undefined ? [noValueCode(terms)] : []),
    ...unsaidOf(terms, { currency, requires, reward }),
  ];
  return unsayable.length > 0 ? { unsayable } : { code: `${code!}${upcCheckDigit(code!)}` };
}

/** Why none of the value codes says what the terms require and give. */
function noValueCode({ requires, reward }: OfferTerms): Unsayable {
  const [set, ...others] = requires;
  if (!set || others.length > 0) {
    return { field: 'terms.requires', detail: `has ${requires.length} sets, and a UPC-A code says one` };
  }
  const bound = (['quantityMax', 'measure', 'spendMin'] as const).find((name) => set[name] !== undefined);
  if (bound) return { field: `terms.requires[0].${bound}`, detail: 'a UPC-A code only counts pieces' };
  if (reward.kind === 'free-item') {
    const detail = `a UPC-A code frees 1 of 1 to 5 pieces, not ${reward.quantity} of ${set.quantity}`;
    return { field: 'terms.reward.quantity', detail };
  }
  if (reward.kind !== 'amount-off') {
    const detail = `a UPC-A code takes an amount off or frees a piece; none says ${reward.kind}`;
    return { field: 'terms.reward.kind', detail };
  }
  if (reward.on)
    return { field: 'terms.reward.on', detail: 'a UPC-A code is on the pieces that it requires' };
  return {
    field: 'terms.reward.amount',
    detail: `no value code takes ${reward.amount} off ${set.quantity}; ${valuesFor(set.quantity)}`,
  };
}

function valuesFor(pieces: number): string {
  const values = Object.values(UPC_VALUE_CODES).flatMap(({ purchase, reward }) =>
    purchase === pieces && reward.kind === 'amount-off' ? [Number(reward.amount)] : [],
  );
  if (values.length === 0) return 'they take an amount off 1 to 4 pieces';
  return `off ${pieces} they take ${values.sort((a, b) => a - b).join(', ')}`;
}
