import type { Condition } from '../../conditions.ts';
import type { LineScope, MoneyOff, OfferTerms, RequiredSet } from '../../terms.ts';
import type { Gs1Coupon8110, Gs1Purchase } from './coupon-8110.ts';
import { purchasesOf } from './purchases-8110.ts';

/** An offer as an AI (8110) string promises it. */
export interface Gs1Draft {
  /** Funded by the company that the string names. */
  terms: OfferTerms;
  /** Local dates, YYYY-MM-DD; the last day counts. Absent: the string does not say. */
  validFrom?: string;
  validTo?: string;
  /** The string forbids a store to add to it: such terms get no store match. */
  mayBeMatched: boolean;
}

export type Gs1NotExpressible =
  /** Purchase requirement code 9. */
  | 'cashier-decides'
  /** The company and family name no product that the issuer knows. */
  | 'products-unknown'
  /** One or the other purchase validates, and they ask for different quantities. */
  | 'alternatives-differ'
  /** It is on one of several purchases, and they have products in common. */
  | 'purchases-overlap'
  /** It is on an item that is not required, or on a part of those required beside others. */
  | 'reward-on-part-of-the-purchase'
  /** Nothing is saved, or more than all of it. */
  | 'save-value-senseless';

/**
 * Turns an AI (8110) coupon into the terms of an offer, in US dollars.
 *
 * The meaning of the codes is from secondary sources that agree; check them against the GS1 General
 * Specifications before money depends on it. Years are those of this century.
 *
 * @param productsOf products of a company (its GCP) and family, as the issuer knows them
 */
export function termsOfGs1(
  coupon: Gs1Coupon8110,
  productsOf: (gcp: string, familyCode: string) => readonly string[],
): Gs1Draft | { notExpressible: Gs1NotExpressible } {
  const required = requirementsOf(coupon, productsOf);
  if (typeof required === 'string') return { notExpressible: required };
  const reward = rewardOf(coupon, required.sets);
  if (typeof reward === 'string') return { notExpressible: reward };
  if ('on' in reward && reward.on?.kind === 'set' && overlap(required.sets)) {
    return { notExpressible: 'purchases-overlap' };
  }
  return {
    terms: {
      currency: 'USD',
      requires: required.sets,
      ...(required.conditions.length > 0 && { conditions: required.conditions }),
      reward,
      funding: [{ party: `gs1:${coupon.gcp}`, shareBps: 10_000 }],
    },
    ...(coupon.start && { validFrom: dateOf(coupon.start) }),
    ...(coupon.expiration && { validTo: dateOf(coupon.expiration) }),
    mayBeMatched: coupon.misc?.dontMultiplyFlag !== '1',
  };
}

interface Requirements {
  sets: RequiredSet[];
  conditions: Condition[];
}

function requirementsOf(
  coupon: Gs1Coupon8110,
  productsOf: (gcp: string, familyCode: string) => readonly string[],
): Requirements | Gs1NotExpressible {
  const required: Requirements = { sets: [], conditions: [] };
  for (const alternatives of purchasesOf(coupon)) {
    const [first, ...others] = alternatives;
    if (others.some((other) => !asksTheSame(first!, other))) return 'alternatives-differ';
    const { requirement, requirementCode } = first!;
    if (requirementCode === '9') return 'cashier-decides';
    if (requirementCode === '2') {
      required.conditions.push({ kind: 'min-subtotal', amount: BigInt(requirement) });
      continue;
    }
    const productIds = alternatives.flatMap(({ gcp, familyCode }) =>
      productsOf(gcp ?? coupon.gcp, familyCode),
    );
    if (productIds.length === 0) return 'products-unknown';
    required.sets.push(setOf([...new Set(productIds)], requirement, requirementCode));
  }
  return required;
}

function asksTheSame(a: Gs1Purchase, b: Gs1Purchase): boolean {
  return a.requirementCode === b.requirementCode && Number(a.requirement) === Number(b.requirement);
}

function setOf(productIds: string[], requirement: string, requirementCode: string): RequiredSet {
  switch (requirementCode) {
    case '1':
      return { productIds, quantity: 1, spendMin: BigInt(requirement) };
    case '3':
      return { productIds, quantity: 1, measure: { unit: 'lb', atLeast: shifted(requirement, 2) } };
    case '4':
      return { productIds, quantity: 1, measure: { unit: 'kg', atLeast: shifted(requirement, 3) } };
    default:
      return { productIds, quantity: Math.max(1, Number(requirement)) };
  }
}

function rewardOf(coupon: Gs1Coupon8110, sets: readonly RequiredSet[]): MoneyOff | Gs1NotExpressible {
  const { saveValue, misc } = coupon;
  const value = Number(saveValue);
  const item = itemOf(coupon);
  switch (misc?.saveValueCode ?? '0') {
    case '1':
      return onOneItem(BigInt(value), item, sets);
    case '2':
      if (value === 0) return 'save-value-senseless';
      return sets.length === 1 && isCounted(sets[0]!) && value <= sets[0]!.quantity
        ? { kind: 'free-item', quantity: value }
        : 'reward-on-part-of-the-purchase';
    case '5':
      if (value === 0 || value > 100) return 'save-value-senseless';
      return onItem({ kind: 'percent-off', rateBps: value * 100 }, item, sets);
    case '6':
      return { kind: 'amount-off', amount: BigInt(value), on: ON_ORDER };
    default:
      return { kind: 'amount-off', amount: BigInt(value), ...(sets.length === 0 && { on: ON_ORDER }) };
  }
}

const ON_ORDER: LineScope = { kind: 'lines', target: 'order', allocation: 'across' };

/** One qualifying item free; of a save value above zero, up to that. */
function onOneItem(
  amountMax: bigint,
  item: number,
  sets: readonly RequiredSet[],
): MoneyOff | Gs1NotExpressible {
  if (amountMax === 0n && sets.length === 1 && item === 0) return { kind: 'free-item', quantity: 1 };
  const free: MoneyOff = { kind: 'percent-off', rateBps: 10_000, ...(amountMax > 0n && { amountMax }) };
  if (sets.length === 1 && item === 0) return { ...free, on: { kind: 'cheapest', quantity: 1 } };
  const set = sets[item];
  return set && isCounted(set) && set.quantity === 1
    ? { ...free, on: { kind: 'set', set: item } }
    : 'reward-on-part-of-the-purchase';
}

function onItem(
  reward: Extract<MoneyOff, { kind: 'percent-off' }>,
  item: number,
  sets: readonly RequiredSet[],
): MoneyOff | Gs1NotExpressible {
  if (!sets[item]) return 'reward-on-part-of-the-purchase';
  return sets.length === 1 ? reward : { ...reward, on: { kind: 'set', set: item } };
}

/** Position of the set that the string calls primary, second or third item; -1 where it is not required. */
function itemOf(coupon: Gs1Coupon8110): number {
  const purchase = [coupon.primary, coupon.second, coupon.third][Number(coupon.misc?.appliesToItem ?? 0)];
  const lists = purchasesOf(coupon).filter(([first]) => first!.requirementCode !== '2');
  return lists.findIndex((alternatives) => purchase !== undefined && alternatives.includes(purchase));
}

function overlap(sets: readonly RequiredSet[]): boolean {
  const products = sets.flatMap(({ productIds }) => productIds);
  return new Set(products).size < products.length;
}

function isCounted({ measure, spendMin }: RequiredSet): boolean {
  return !measure && spendMin === undefined;
}

/** Digits with so many implied decimals. */
function shifted(digits: string, decimals: number): string {
  const padded = digits.padStart(decimals + 1, '0');
  return `${Number(padded.slice(0, -decimals))}.${padded.slice(-decimals)}`;
}

function dateOf(yymmdd: string): string {
  return `20${yymmdd.slice(0, 2)}-${yymmdd.slice(2, 4)}-${yymmdd.slice(4)}`;
}
