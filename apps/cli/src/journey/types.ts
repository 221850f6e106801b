/** A shopping history in the Complete Journey format: real baskets, and the coupon campaigns that met them. */
export interface Journey {
  products: ReadonlyMap<string, Product>;
  campaigns: ReadonlyMap<string, Campaign>;
  coupons: readonly PaperCoupon[];
  /** Who received a campaign. */
  targets: readonly { campaignId: string; householdId: string }[];
  redemptions: readonly Redemption[];
  /** By household, only those whose demographics are known. */
  demographics: ReadonlyMap<string, Record<string, string>>;
  /** In time order. */
  receipts: readonly Receipt[];
}

export interface Product {
  productId: string;
  manufacturer: string;
  department: string;
  brand: string;
  category: string;
  type: string;
  packageSize: string;
}

/** Days are of the stores' time zone, both inclusive. */
export interface Campaign {
  campaignId: string;
  type: string;
  firstDay: string;
  lastDay: string;
}

/** A coupon as one campaign gave it out; the same code in another campaign is another coupon. */
export interface PaperCoupon {
  /** UPC-A without its check digit, 11 digits. */
  upc: string;
  campaignId: string;
  productIds: readonly string[];
}

export interface Redemption {
  householdId: string;
  upc: string;
  campaignId: string;
  day: string;
}

/** The sampled lines of one basket. */
export interface Receipt {
  basketId: string;
  householdId: string;
  storeId: string;
  at: Date;
  lines: readonly ReceiptLine[];
}

export interface ReceiptLine {
  /** Place in the receipt, from 1. */
  lineId: string;
  productId: string;
  /** As recorded, without idle zeros. */
  quantity: string;
  /** Cents at the till before coupons, after the loyalty price. */
  amount: bigint;
  /** What coupons took off this line on the day, in cents. */
  recorded: { manufacturer: bigint; store: bigint };
}
