import type { OfferTerms } from '@couplet/promotion';
import type { Unsayable } from './written-code.ts';
import { differences } from './difference.ts';

/** Terms as a code says them; who pays, and what the store adds, it does not say. */
type SaidTerms = Pick<OfferTerms, 'currency' | 'requires' | 'conditions' | 'reward'>;

/** Where a code says something else than the terms, or nothing. */
export function unsaidOf(terms: OfferTerms, said: SaidTerms): Unsayable[] {
  return differences(plain(terms), plain(said), 'terms').map(({ path, from, to }) => ({
    field: path.replaceAll(/\.(\d+)/g, '[$1]'),
    detail:
      to === undefined
        ? `no such code says ${JSON.stringify(from)}`
        : `the code would say ${JSON.stringify(to)}${from === undefined ? '' : `, not ${JSON.stringify(from)}`}`,
  }));
}

/** JSON in which what means the same looks the same. */
function plain(terms: SaidTerms & Pick<OfferTerms, 'usesPerBasket' | 'stacking'>): unknown {
  const { currency, requires, conditions = [], reward, usesPerBasket = 1, stacking = {} } = terms;
  const { group, priority = 0, exclusive = false } = stacking;
  const sets = requires.map((set) =>
    set.measure ? { ...set, measure: { ...set.measure, atLeast: Number(set.measure.atLeast) } } : set,
  );
  const told = {
    ...{ currency, reward, usesPerBasket, stacking: { group, priority, exclusive } },
    // Objects, so that a difference is told at its place.
    ...{ requires: { ...sets }, conditions: { ...conditions } },
  };
  return JSON.parse(
    JSON.stringify(told, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value)),
  );
}
