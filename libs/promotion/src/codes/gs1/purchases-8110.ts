import type { Gs1Coupon8110, Gs1Purchase } from './coupon-8110.ts';

/** All of these must be bought, of each list one. */
export function purchasesOf({ primary, rulesCode, second, third }: Gs1Coupon8110): Gs1Purchase[][] {
  const others = [second, third].filter((purchase) => purchase !== undefined);
  if (others.length === 0) return [[primary]];
  switch (rulesCode ?? '0') {
    case '1':
      return [primary, ...others].map((purchase) => [purchase]);
    case '2':
      return [[primary], others];
    case '3':
      return [others];
    default:
      return [[primary, ...others]];
  }
}
