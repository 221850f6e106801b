import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { readJourney } from './read-journey.ts';

const TABLES: Record<string, string> = {
  campaign_descriptions: 'campaign_id,campaign_type,start_date,end_date\n1,Type B,2017-03-03,2017-04-09\n',
  products:
    'product_id,manufacturer_id,department,brand,product_category,product_type,package_size\n77,2,GROCERY,National,"SOAP, BAR",SOAP,5 OZ\n',
  coupons: 'coupon_upc,product_id,campaign_id\n53620012355,77,1\n53620012355,78,1\n',
  campaigns: 'campaign_id,household_id\n1,906\n',
  coupon_redemptions: 'household_id,coupon_upc,campaign_id,redemption_date\n906,53620012355,1,2017-03-05\n',
  demographics:
    'household_id,age,income,home_ownership,marital_status,household_size,household_comp,kids_count\n906,65+,,Homeowner,Married,2,2 Adults No Kids,0\n',
  transactions_sample:
    'household_id,store_id,basket_id,product_id,quantity,sales_value,retail_disc,coupon_disc,coupon_match_disc,week,transaction_timestamp\n' +
    '906,319,b2,77,1.0,1.1,0.0,0.55,0.45,9,2017-03-05T12:30:27Z\n' +
    '906,319,b1,77,0.0,0.0,0.0,0.0,0.0,9,2017-03-04T12:30:27Z\n' +
    '906,319,b2,78,2.0,3.0,0.0,0.0,0.0,9,2017-03-05T12:30:27Z\n',
};

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(os.tmpdir(), 'journey-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function write(changes: Record<string, string | undefined> = {}): Promise<void> {
  for (const [name, text] of Object.entries({ ...TABLES, ...changes })) {
    if (text !== undefined) await writeFile(path.join(directory, `${name}.csv`), text);
  }
}

describe('reading a data folder', () => {
  it('groups lines into receipts in time order, priced at the till before coupons', async () => {
    await write();
    const { receipts, coupons, products, demographics } = await readJourney(directory);
    expect(receipts.map(({ basketId, lines }) => [basketId, lines.length])).toEqual([
      ['b1', 1],
      ['b2', 2],
    ]);
    expect(receipts[1]!.lines[0]).toEqual({
      lineId: '1',
      productId: '77',
      quantity: '1',
      amount: 155n,
      recorded: { manufacturer: 55n, store: 45n },
    });
    expect(coupons).toEqual([{ upc: '53620012355', campaignId: '1', productIds: ['77', '78'] }]);
    expect(products.get('77')?.category).toBe('SOAP, BAR');
    expect(demographics.get('906')).not.toHaveProperty('income');
  });

  it('reads compressed tables too', async () => {
    await write({ products: undefined });
    await writeFile(path.join(directory, 'products.csv.gz'), gzipSync(TABLES['products']!));
    expect((await readJourney(directory)).products.size).toBe(1);
  });

  it.each([
    {
      what: 'a missing file',
      changes: { coupons: undefined },
      says: /neither coupons\.csv nor coupons\.csv\.gz.*--data names a folder/s,
    },
    {
      what: 'a missing column',
      changes: { coupons: 'coupon_upc,campaign_id\n' },
      says: /^coupons\.csv, line 1: the column product_id is missing\. Name the columns/,
    },
    {
      what: 'a short row',
      changes: { coupons: 'coupon_upc,product_id,campaign_id\n53620012355,77,1\n53620012355,77\n' },
      says: /^coupons\.csv, line 3: it has 2 fields.*Complete the line or remove it/,
    },
    {
      what: 'an amount that is none',
      changes: { transactions_sample: TABLES['transactions_sample']!.replace('1.1,', 'abc,') },
      says: /^transactions_sample\.csv, line 2: sales_value must be dollars .* not "abc"\. Correct the line/,
    },
    {
      what: 'a day that is none',
      changes: { coupon_redemptions: TABLES['coupon_redemptions']!.replace('03-05', '13-45') },
      says: /^coupon_redemptions\.csv, line 2: redemption_date must be a day/,
    },
    {
      what: 'a campaign that nobody described',
      changes: { campaigns: 'campaign_id,household_id\n9,906\n' },
      says: /^campaigns\.csv, line 2: campaign_id must be a campaign of campaign_descriptions, not "9"/,
    },
    {
      what: 'an unclosed quote',
      changes: { products: `${TABLES['products']!}78,2,"GROCERY\n` },
      says: /^products\.csv cannot be read: .*/,
    },
  ])('names $what and says what to do', async ({ changes, says }) => {
    await write(changes);
    await expect(readJourney(directory)).rejects.toThrow(says);
  });

  it('says that a compressed file is broken', async () => {
    await write({ products: undefined });
    await writeFile(path.join(directory, 'products.csv.gz'), 'not compressed');
    await expect(readJourney(directory)).rejects.toThrow(
      /^products\.csv\.gz cannot be read: incorrect header check/,
    );
  });
});
