/** An exact fraction; the denominator is above zero. */
export interface Ratio {
  numerator: bigint;
  denominator: bigint;
}

/** A line or a shipping charge that rules can discount. */
export interface Charge {
  chargeId: string;
  target: 'line' | 'shipping';
  /** Whole units, not negative; 1 for shipping. */
  quantity: number;
  /** Minor units. */
  unitPrice: Ratio;
  /** A discount leaves at least this per unit, minor units. */
  unitPriceMin?: bigint;
  tags: readonly string[];
  /** Tax as a part of the net price. */
  taxRate: Ratio;
}

/** All that are given must hold; an empty selection takes everything. */
export interface Selection {
  /** One of them. */
  tags?: readonly string[];
  chargeIds?: readonly string[];
  /** Inclusive, minor units. */
  unitPriceMin?: bigint;
  unitPriceMax?: bigint;
}

export type Target = 'lines' | 'order' | 'shipping' | 'order-and-shipping';

/** 'each' follows the dialect; 'across' splits one amount; 'once' takes the cheapest units of all. */
export type Allocation = 'each' | 'each-line' | 'each-unit' | 'across' | 'once';

export type Effect =
  | {
      kind: 'percent';
      target: Target;
      rate: Ratio;
      allocation: Allocation;
      quantityMax?: number;
      select: Selection;
    }
  | {
      kind: 'fixed';
      target: Target;
      amount: bigint;
      allocation: Allocation;
      quantityMax?: number;
      select: Selection;
    }
  | {
      kind: 'buy-get';
      rate: Ratio;
      buy: Selection;
      buyQuantity: number;
      get: Selection;
      getQuantity: number;
    };

/** Thresholds are inclusive. */
export type Condition =
  | {
      kind: 'min-subtotal';
      amount: bigint;
      basis: 'listed' | 'net' | 'gross';
      evaluated: 'before' | 'after-earlier';
    }
  | { kind: 'min-quantity'; quantity: number; select: Selection }
  | { kind: 'any-line-quantity'; quantity: number }
  | { kind: 'contains-any-tag'; tags: readonly string[] }
  | { kind: 'customer-group'; groups: readonly string[] }
  | { kind: 'nth-order'; n: number };

export interface Budget {
  kind: 'spend' | 'usage';
  limit: bigint;
  used: bigint;
}

/** What an offer of the list grants, and when. */
export interface PricingRule {
  ruleId: string;
  /** Higher first; equal ones in the order given. */
  priority: number;
  /** If it qualifies, it applies alone. */
  exclusive: boolean;
  trigger: 'code' | 'automatic' | 'manual';
  catalogue: boolean;
  conditions: readonly Condition[];
  effects: readonly Effect[];
  budget?: Budget;
}

export interface PricingContext {
  customerGroups: readonly string[];
  /** Orders before this one. */
  completedOrders: number;
  preventAutomatic: boolean;
  pricesIncludeTax: boolean;
}

export type RuleRefusal =
  | 'condition-not-met'
  | 'campaign-budget-exceeded'
  | 'overridden-by-manual'
  | 'exclusive-rule-applies'
  | 'automatic-prevented'
  | 'nothing-to-discount';

export interface RulePricing {
  /** Amounts above zero, in the order in which they were granted. */
  adjustments: { ruleId: string; chargeId: string; amount: bigint }[];
  refused: { ruleId: string; reason: RuleRefusal }[];
  /** In the order of the charges given. */
  charges: {
    chargeId: string;
    price: bigint;
    discount: bigint;
    net: bigint;
    gross: bigint;
    grossBefore: bigint;
  }[];
  linesTotal: bigint;
  shippingTotal: bigint;
  netTotal: bigint;
  grossTotal: bigint;
  grossDiscount: bigint;
}
