import type { Dialect } from './dialect.ts';
import { DEFAULT_DIALECT } from './dialect.ts';
import type { Context, EvaluateOptions } from './evaluation.ts';

/** The options of one evaluation with nothing left open. */
export interface Rules {
  strategy: 'best-deal' | 'stacking';
  dialect: Dialect;
  context: Context;
  stepsMax: number;
  /** Once true it stays so. */
  isOver: () => boolean;
  solve: EvaluateOptions['solve'];
}

/** How far a search may go. */
export type Effort = Pick<Rules, 'stepsMax' | 'isOver'>;

const NOTHING_KNOWN: Context = {
  customerGroups: [],
  completedOrders: 0,
  preventAutomatic: false,
  pricesIncludeTax: false,
};

export function rulesOf({ strategy, dialect, context, stepsMax, isOver, solve }: EvaluateOptions): Rules {
  return {
    strategy: strategy ?? 'best-deal',
    dialect: { ...DEFAULT_DIALECT, ...dialect },
    context: { ...NOTHING_KNOWN, ...context },
    stepsMax: stepsMax ?? 300_000,
    isOver: lasting(isOver),
    solve,
  };
}

/** Whoever is asked by a clock that is set back does not take back what he said. */
function lasting(isOver: EvaluateOptions['isOver']): Rules['isOver'] {
  let wasOver = false;
  return () => (wasOver ||= isOver?.() ?? false);
}
