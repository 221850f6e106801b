import {
  ChannelService,
  CountryService,
  dummyPaymentHandler,
  LanguageCode,
  orderFixedDiscount,
  PaymentMethodService,
  ProductService,
  ProductVariantService,
  PromotionService,
  TaxCategoryService,
  TaxRateService,
  ZoneService,
} from '@vendure/core';

const VARIANTS = 50;
const COUPONS = 20;
const PRICE = 500;
const DISCOUNT = 100;

const languageCode = LanguageCode.en;
const named = (name) => [{ languageCode, name, description: '' }];

/** A shop with variants to buy, coupon codes that take a fixed sum off, and a payment that always succeeds. */
export async function fill(app, contexts) {
  await placeAndTax(app, await contexts.create({ apiType: 'admin' }));
  const context = await contexts.create({ apiType: 'admin' }); // Knows the channel as it is now.
  const variantIds = await variants(app, context);
  const couponCodes = Array.from({ length: COUPONS }, (_, n) => `COUPON${n}`);
  for (const couponCode of couponCodes) {
    const amount = [{ name: 'discount', value: String(DISCOUNT) }];
    refuseErrors(
      await app.get(PromotionService).createPromotion(context, {
        enabled: true,
        couponCode,
        translations: named(couponCode),
        conditions: [],
        actions: [{ code: orderFixedDiscount.code, arguments: amount }],
      }),
    );
  }
  const handler = {
    code: dummyPaymentHandler.code,
    arguments: [{ name: 'automaticSettle', value: 'true' }],
  };
  await app
    .get(PaymentMethodService)
    .create(context, { code: 'dummy', enabled: true, handler, translations: named('Dummy') });
  return { variantIds, couponCodes, price: PRICE, discount: DISCOUNT };
}

async function placeAndTax(app, context) {
  const country = await app
    .get(CountryService)
    .create(context, { code: 'US', enabled: true, translations: named('United States') });
  const zone = await app.get(ZoneService).create(context, { name: 'US', memberIds: [country.id] });
  const channels = app.get(ChannelService);
  const { id } = await channels.getDefaultChannel(context);
  refuseErrors(
    await channels.update(context, { id, defaultTaxZoneId: zone.id, defaultShippingZoneId: zone.id }),
  );
  const category = await app.get(TaxCategoryService).create(context, { name: 'Standard', isDefault: true });
  await app
    .get(TaxRateService)
    .create(context, { name: 'None', enabled: true, value: 0, categoryId: category.id, zoneId: zone.id });
}

/** Each of a product of its own, as variants of one would have to differ in an option. */
async function variants(app, context) {
  const ids = [];
  for (let n = 0; n < VARIANTS; n++) {
    const name = `Coffee ${n}`;
    const product = await app.get(ProductService).create(context, {
      enabled: true,
      translations: [{ languageCode, name, slug: `coffee-${n}`, description: '' }],
    });
    const variant = { productId: product.id, sku: `COFFEE-${n}`, price: PRICE, trackInventory: 'FALSE' };
    const [{ id }] = await app
      .get(ProductVariantService)
      .create(context, [{ ...variant, translations: named(name) }]);
    ids.push(id);
  }
  return ids;
}

/** Vendure returns what went wrong instead of throwing it. */
export function refuseErrors(result) {
  if (result.errorCode) throw new Error(`Vendure: ${result.errorCode}: ${result.message}`);
  return result;
}
