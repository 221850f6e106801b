import type { OfferTerms, RequiredSet } from '../../terms.ts';
import type { Gs1Coupon8110, Gs1Purchase } from './coupon-8110.ts';
import { purchasesOf } from './purchases-8110.ts';

/**
 * The coupon that a string is written from after its offer was edited: what it promises by the terms, all
 * else (company, families, dates, serial) as it was.
 *
 * @returns undefined where AI (8110) has no way to say it
 */
export function promiseInGs1(coupon: Gs1Coupon8110, terms: OfferTerms): Gs1Coupon8110 | undefined {
  const asked = new Map<Gs1Purchase, Asked | undefined>();
  const sets = [...terms.requires];
  const spends = terms.conditions?.filter((condition) => condition.kind === 'min-subtotal') ?? [];
  for (const alternatives of purchasesOf(coupon)) {
    const isSpend = alternatives[0]!.requirementCode === '2';
    const now = isSpend ? askedBySpend(spends.shift()?.amount) : askedBySet(sets.shift());
    for (const purchase of alternatives) asked.set(purchase, now);
  }
  const isSayable = sets.length === 0 && spends.length === 0 && ![...asked.values()].includes(undefined);
  const written = (purchase: Gs1Purchase) => ({ ...purchase, ...asked.get(purchase) });
  const saved = savedBy(terms, coupon);
  if (!saved || !isSayable) return undefined;
  const { saveValueCode, appliesToItem } = saved;
  const misc = coupon.misc ?? { storeCouponFlag: '0', dontMultiplyFlag: '0' };
  const isPlain = saveValueCode === '0' && !coupon.misc;
  return {
    ...coupon,
    saveValue: saved.saveValue,
    primary: written(coupon.primary),
    ...(coupon.second && { second: written(coupon.second) }),
    ...(coupon.third && { third: written(coupon.third) }),
    ...(!isPlain && { misc: { ...misc, saveValueCode, appliesToItem } }),
  };
}

type Asked = Pick<Gs1Purchase, 'requirement' | 'requirementCode'>;

function askedBySpend(amount: bigint | undefined): Asked | undefined {
  return amount === undefined ? undefined : { requirement: `${amount}`, requirementCode: '2' };
}

function askedBySet(set: RequiredSet | undefined): Asked | undefined {
  if (!set) return undefined;
  const { quantity, spendMin, measure } = set;
  if (spendMin !== undefined) return { requirement: `${spendMin}`, requirementCode: '1' };
  if (!measure) return { requirement: `${quantity}`, requirementCode: '0' };
  if (measure.unit === 'lb') return { requirement: unshifted(measure.atLeast, 2), requirementCode: '3' };
  return measure.unit === 'kg'
    ? { requirement: unshifted(measure.atLeast, 3), requirementCode: '4' }
    : undefined;
}

interface Saved {
  saveValue: string;
  saveValueCode: string;
  appliesToItem: string;
}

function savedBy({ reward, requires }: OfferTerms, { misc }: Gs1Coupon8110): Saved | undefined {
  const appliesToItem = misc?.appliesToItem ?? '0';
  switch (reward.kind) {
    case 'amount-off': {
      const isOnOrder = reward.on !== undefined && (requires.length > 0 || misc?.saveValueCode === '6');
      return { saveValue: `${reward.amount}`, saveValueCode: isOnOrder ? '6' : '0', appliesToItem };
    }
    case 'free-item': {
      const isOne = reward.quantity === 1 && misc?.saveValueCode !== '2';
      return {
        saveValue: isOne ? '0' : `${reward.quantity}`,
        saveValueCode: isOne ? '1' : '2',
        appliesToItem,
      };
    }
    case 'percent-off': {
      const item = misc?.appliesToItem ?? (reward.on?.kind === 'set' ? `${reward.on.set}` : '0');
      if (reward.rateBps === 10_000 && reward.on && misc?.saveValueCode !== '5') {
        return { saveValue: `${reward.amountMax ?? 0n}`, saveValueCode: '1', appliesToItem: item };
      }
      if (reward.rateBps % 100 !== 0 || reward.amountMax !== undefined) return undefined;
      return { saveValue: `${reward.rateBps / 100}`, saveValueCode: '5', appliesToItem: item };
    }
    case 'fixed-price':
    case 'buy-get':
    case 'benefit':
    case 'several':
      return undefined;
  }
}

function unshifted(decimal: string, decimals: number): string {
  const [whole = '', fraction = ''] = decimal.split('.');
  return `${BigInt(whole + fraction.padEnd(decimals, '0').slice(0, decimals))}`;
}
