import { Name, OfferConditions, OfferTerms } from '@couplet/contracts';
import { z } from 'zod';
import { parsed, readJson, refuseTwice } from './json-file.ts';

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

export interface OfferOfFile {
  offerId: string;
  title: string;
  terms: OfferTerms;
  conditions?: OfferConditions | undefined;
}

/** @throws DataError that names the file, and the field where there is one */
export async function readOffers(file: string): Promise<OfferOfFile[]> {
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
