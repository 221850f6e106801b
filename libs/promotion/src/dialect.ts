import type { SplitOptions } from './split.ts';

/** Where systems on the market compute differently. */
export interface Dialect extends SplitOptions {
  /** A fixed amount for 'each' is granted once per line or once per unit. */
  fixedEach: 'line' | 'unit';
  /** 'line': the discount of a line is rounded; 'unit': that of one unit, then multiplied. */
  percentRoundedPer: 'line' | 'unit';
  /** 'total': the discount of an order is rounded, then split; 'line': line by line. */
  orderPercentRoundedPer: 'total' | 'line';
  /** Half a minor unit of discount: to the shopper ('up'), or not ('down'). */
  percentHalf: 'up' | 'down';
  /** Percentages of one offer work on the same base, or on what the ones before left. */
  percentsOfOneOffer: 'add' | 'compound';
  /** Units that buy-get frees. */
  freeUnits: 'cheapest' | 'highest-subtotal-line';
  candidateTies: 'front' | 'back';
  /** An order discount is split by prices as listed, or with tax. */
  splitBy: 'listed' | 'gross';
  manualOrder: 'adds' | 'replaces-order-discounts';
  manualLine: 'adds' | 'replaces-catalogue';
}

/** What a till uses where nothing else is agreed. */
export const DEFAULT_DIALECT: Dialect = {
  method: 'largest-remainder',
  zeroWeights: 'nothing',
  fixedEach: 'unit',
  percentRoundedPer: 'line',
  orderPercentRoundedPer: 'total',
  percentHalf: 'up',
  percentsOfOneOffer: 'compound',
  freeUnits: 'cheapest',
  candidateTies: 'front',
  splitBy: 'listed',
  manualOrder: 'adds',
  manualLine: 'adds',
};
