import type { OfferConditions } from '@couplet/contracts';
import type { Gs1Coupon8110 } from '@couplet/promotion';
import type { Unsayable } from './written-code.ts';

type Dates = Pick<Gs1Coupon8110, 'start' | 'expiration'>;

/** The window of an offer in those of the two dates that the string has: YYMMDD by the clock of each store, the last day included. */
export function datesOf(
  { validFrom, validTo }: Pick<OfferConditions, 'validFrom' | 'validTo'>,
  has: Dates,
): Dates | { unsayable: Unsayable[] } {
  const start = dateOf(validFrom, 0);
  const expiration = dateOf(validTo, -1);
  const unsayable = [
    ...(has.start && !start ? [unsayableDate('validFrom', validFrom)] : []),
    ...(has.expiration && !expiration ? [unsayableDate('validTo', validTo)] : []),
  ];
  if (unsayable.length > 0) return { unsayable };
  return { ...(has.start && { start: start! }), ...(has.expiration && { expiration: expiration! }) };
}

function unsayableDate(edge: 'validFrom' | 'validTo', time: string): Unsayable {
  const detail = `AI (8110) says whole days of 2000 to 2099 by the clock of each store, not ${time}`;
  return { field: `conditions.${edge}`, detail };
}

/** The day that many days after a local midnight; undefined for any other time. */
function dateOf(edge: string, days: number): string | undefined {
  const midnight = /^(\d{4}-\d\d-\d\d)T00:00(:00(\.0+)?)?$/.exec(edge);
  if (!midnight) return undefined;
  const day = new Date(Date.parse(midnight[1]!) + days * 86_400_000).toISOString();
  return day.startsWith('20') ? day.slice(2, 10).replaceAll('-', '') : undefined;
}
