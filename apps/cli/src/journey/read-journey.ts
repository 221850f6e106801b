import { DataError } from './data-error.ts';
import { readTable } from './read-table.ts';
import type { Campaign, Journey, PaperCoupon, Product, Receipt, ReceiptLine, Redemption } from './types.ts';

/**
 * Reads a folder in the Complete Journey format.
 *
 * @throws DataError naming file, line and what to do
 */
export async function readJourney(directory: string): Promise<Journey> {
  const campaigns = await readCampaigns(directory);
  const journey = {
    campaigns,
    products: await readProducts(directory),
    coupons: await readCoupons(directory, campaigns),
    targets: await readTargets(directory, campaigns),
    redemptions: await readRedemptions(directory, campaigns),
    demographics: await readDemographics(directory),
    receipts: await readReceipts(directory),
  };
  if (journey.receipts.length === 0) throw new DataError(`${directory}: transactions_sample has no lines.`);
  return journey;
}

async function readCampaigns(directory: string): Promise<Map<string, Campaign>> {
  const campaigns = new Map<string, Campaign>();
  const columns = ['campaign_id', 'campaign_type', 'start_date', 'end_date'];
  await readTable(directory, 'campaign_descriptions', columns, (row) => {
    const campaign = {
      campaignId: row.digits('campaign_id'),
      type: row.text('campaign_type'),
      firstDay: row.day('start_date'),
      lastDay: row.day('end_date'),
    };
    if (campaign.lastDay < campaign.firstDay) row.refuse('end_date', `no earlier than ${campaign.firstDay}`);
    campaigns.set(campaign.campaignId, campaign);
  });
  return campaigns;
}

async function readProducts(directory: string): Promise<Map<string, Product>> {
  const products = new Map<string, Product>();
  const columns = [
    'product_id',
    'manufacturer_id',
    'department',
    'brand',
    'product_category',
    'product_type',
    'package_size',
  ];
  await readTable(directory, 'products', columns, (row) => {
    const productId = row.name('product_id');
    products.set(productId, {
      productId,
      manufacturer: row.name('manufacturer_id'),
      department: row.text('department'),
      brand: row.text('brand'),
      category: row.text('product_category'),
      type: row.text('product_type'),
      packageSize: row.text('package_size'),
    });
  });
  return products;
}

async function readCoupons(
  directory: string,
  campaigns: ReadonlyMap<string, Campaign>,
): Promise<PaperCoupon[]> {
  const coupons = new Map<string, PaperCoupon & { productIds: string[] }>();
  await readTable(directory, 'coupons', ['coupon_upc', 'product_id', 'campaign_id'], (row) => {
    const upc = row.text('coupon_upc');
    if (!/^\d{11}$/.test(upc)) row.refuse('coupon_upc', '11 digits (UPC-A without its check digit)');
    const campaignId = row.digits('campaign_id');
    if (!campaigns.has(campaignId)) row.refuse('campaign_id', 'a campaign of campaign_descriptions');
    const key = `${upc} ${campaignId}`;
    const coupon = coupons.get(key) ?? { upc, campaignId, productIds: [] };
    coupon.productIds.push(row.name('product_id'));
    coupons.set(key, coupon);
  });
  return [...coupons.values()];
}

async function readTargets(
  directory: string,
  campaigns: ReadonlyMap<string, Campaign>,
): Promise<Journey['targets']> {
  const targets: { campaignId: string; householdId: string }[] = [];
  await readTable(directory, 'campaigns', ['campaign_id', 'household_id'], (row) => {
    const campaignId = row.digits('campaign_id');
    if (!campaigns.has(campaignId)) row.refuse('campaign_id', 'a campaign of campaign_descriptions');
    targets.push({ campaignId, householdId: row.digits('household_id') });
  });
  return targets;
}

async function readRedemptions(
  directory: string,
  campaigns: ReadonlyMap<string, Campaign>,
): Promise<Redemption[]> {
  const redemptions: Redemption[] = [];
  const columns = ['household_id', 'coupon_upc', 'campaign_id', 'redemption_date'];
  await readTable(directory, 'coupon_redemptions', columns, (row) => {
    const campaignId = row.digits('campaign_id');
    if (!campaigns.has(campaignId)) row.refuse('campaign_id', 'a campaign of campaign_descriptions');
    redemptions.push({
      householdId: row.digits('household_id'),
      upc: row.digits('coupon_upc'),
      campaignId,
      day: row.day('redemption_date'),
    });
  });
  return redemptions;
}

async function readDemographics(directory: string): Promise<Map<string, Record<string, string>>> {
  const demographics = new Map<string, Record<string, string>>();
  const attributes = [
    'age',
    'income',
    'home_ownership',
    'marital_status',
    'household_size',
    'household_comp',
    'kids_count',
  ];
  await readTable(directory, 'demographics', ['household_id', ...attributes], (row) => {
    const known = attributes
      .map((name) => [name, row.text(name)] as const)
      .filter(([, value]) => value !== '');
    demographics.set(row.digits('household_id'), Object.fromEntries(known));
  });
  return demographics;
}

async function readReceipts(directory: string): Promise<Receipt[]> {
  const receipts = new Map<string, Receipt & { lines: ReceiptLine[] }>();
  const columns = [
    'household_id',
    'store_id',
    'basket_id',
    'product_id',
    'quantity',
    'sales_value',
    'coupon_disc',
    'coupon_match_disc',
    'transaction_timestamp',
  ];
  await readTable(directory, 'transactions_sample', columns, (row) => {
    const at = row.instant('transaction_timestamp');
    const basketId = row.name('basket_id');
    const key = `${basketId} ${at.getTime()}`;
    const receipt = receipts.get(key) ?? {
      basketId,
      householdId: row.digits('household_id'),
      storeId: row.name('store_id'),
      at,
      lines: [],
    };
    if (receipt.householdId !== row.digits('household_id')) {
      row.refuse('household_id', `${receipt.householdId}, as on the other lines of basket ${basketId}`);
    }
    const store = row.cents('coupon_match_disc');
    receipt.lines.push({
      lineId: String(receipt.lines.length + 1),
      productId: row.name('product_id'),
      quantity: row.quantity('quantity'),
      amount: row.cents('sales_value') + store,
      recorded: { manufacturer: row.cents('coupon_disc'), store },
    });
    receipts.set(key, receipt);
  });
  return [...receipts.values()].sort(
    (a, b) => a.at.getTime() - b.at.getTime() || compare(a.basketId, b.basketId),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
