import type { Budget } from './evaluation.ts';

/** Books one order on a budget; what would overflow it is left out, so `used` never exceeds the limit. */
export function registerUse(budget: Budget, amounts: readonly bigint[]): Budget {
  if (budget.kind === 'usage') {
    return budget.used < budget.limit ? { ...budget, used: budget.used + 1n } : budget;
  }
  return amounts.reduce(
    (booked, amount) =>
      booked.used + amount <= booked.limit ? { ...booked, used: booked.used + amount } : booked,
    budget,
  );
}

/** Whether one more use is allowed after the orders that used an offer. */
export function hasUsesLeft(
  usesMax: number,
  orders: readonly { cancelled: boolean }[],
  cancelledGivesBack: boolean,
): boolean {
  return orders.filter(({ cancelled }) => !(cancelled && cancelledGivesBack)).length < usesMax;
}

/** Whether the code entered is the one stored; case counts unless all codes are unique without it. */
export function isSameCode(stored: string, entered: string, letterCase: 'counts' | 'ignored'): boolean {
  return letterCase === 'counts' ? stored === entered : stored.toUpperCase() === entered.toUpperCase();
}
