import {
  BasketLine,
  Currency,
  MediumKind,
  Name,
  OfferConditions,
  OfferTerms,
  Purpose,
  Timestamp,
} from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import { explained, readJson } from '../preview/offers-file.ts';

/** As `draft-offers` takes it; only the terms must be there. */
const OfferInFile = z.strictObject({
  offerId: Name.optional(),
  campaignId: z.string().optional(),
  title: z.string().min(1).max(128).optional(),
  terms: OfferTerms,
  conditions: OfferConditions.optional().describe('Absent: it may be used anywhere, for anything.'),
});
const OffersInFile = z.union([
  z.array(OfferInFile).min(1),
  z.strictObject({ offers: z.array(OfferInFile).min(1) }).transform(({ offers }) => offers),
]);

const BasketInFile = z.strictObject({
  currency: Currency,
  lines: z.array(BasketLine).max(1_000),
  purpose: Purpose.default('purchase'),
  storeId: Name.optional(),
  timeZone: z.string().optional(),
  presentedAt: Timestamp.optional().describe('Absent: the dates of offers are not looked at.'),
  mediumKinds: z.array(MediumKind).optional().describe('Absent: any that an offer may ask for.'),
  attributes: z.record(z.string(), z.string()).default({}).describe('Of the holder, for segments.'),
});

export type BasketOfFile = z.output<typeof BasketInFile>;

export interface OfferOfFile {
  offerId: string;
  title: string;
  terms: OfferTerms;
  conditions?: OfferConditions | undefined;
}

/** @throws DataError that names the file, and the field where there is one */
export async function readOffersToExplain(file: string): Promise<OfferOfFile[]> {
  const offers = parsed(file, OffersInFile, await readJson(file)).map(
    ({ offerId, title, terms, conditions }, index) => ({
      offerId: offerId ?? `offer-${index + 1}`,
      title: title ?? offerId ?? `Offer ${index + 1}`,
      terms,
      conditions,
    }),
  );
  refuseTwice(
    file,
    'offer',
    offers.map(({ offerId }) => offerId),
  );
  return offers;
}

/** @throws DataError that names the file, and the field where there is one */
export async function readBasket(file: string): Promise<BasketOfFile> {
  const basket = parsed(file, BasketInFile, await readJson(file));
  refuseTwice(
    file,
    'line',
    basket.lines.map(({ lineId }) => lineId),
  );
  return basket;
}

function parsed<T>(file: string, schema: z.ZodType<T>, content: unknown): T {
  const result = schema.safeParse(content);
  if (!result.success) throw new DataError(`${file}: ${explained(result.error)}`);
  return result.data;
}

function refuseTwice(file: string, what: string, ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw new DataError(`${file}: the ${what} ${twice} is there twice.`);
}
