import type { OfferConditions, OfferState } from '@couplet/contracts';

export type OfferPhase = OfferState | 'live';

/** What people see of an offer: only of an approved one the window matters. */
export function phaseOf(state: OfferState, window: 'before' | 'open' | 'over'): OfferPhase {
  if (state !== 'approved') return state;
  switch (window) {
    case 'before':
      return 'approved';
    case 'open':
      return 'live';
    case 'over':
      return 'ended';
  }
}

/** Time zones of the stores that are registered: of all of them, and of some by their ids. */
export interface Zones {
  readonly everywhere: readonly string[];
  readonly byStore: ReadonlyMap<string, string>;
}

/** By which clocks the window of an offer opens and closes: those of its stores. */
export function zonesOf({ stores }: Pick<OfferConditions, 'stores'>, known: Zones): readonly string[] {
  if (!stores) return known.everywhere;
  return [...new Set(stores.flatMap((store) => known.byStore.get(store) ?? []))];
}
