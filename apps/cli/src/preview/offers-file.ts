import { readFile } from 'node:fs/promises';
import { OfferConditions, OfferTerms } from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';

/** As `draft-offers` takes it; what only issuance needs may be left out. */
const OfferInFile = z.strictObject({
  offerId: z.string().min(1).max(64).optional(),
  campaignId: z.string().optional(),
  title: z.string().min(1).max(128).optional(),
  terms: OfferTerms,
  conditions: OfferConditions,
});
const OffersInFile = z.union([
  z.array(OfferInFile).min(1),
  z.strictObject({ offers: z.array(OfferInFile).min(1) }).transform(({ offers }) => offers),
]);

export interface OfferOfFile {
  offerId: string;
  title: string;
  terms: OfferTerms;
  conditions: OfferConditions;
}

/** @throws DataError that names the file, and the field where there is one */
export async function readOffers(file: string): Promise<OfferOfFile[]> {
  const parsed = OffersInFile.safeParse(await readJson(file));
  if (!parsed.success) throw new DataError(`${file}: ${explained(parsed.error)}`);
  const offers = parsed.data.map(({ offerId, title, terms, conditions }, index) => ({
    offerId: offerId ?? `offer-${index + 1}`,
    title: title ?? offerId ?? `Offer ${index + 1}`,
    terms,
    conditions,
  }));
  const twice = offers.find(({ offerId }, index) => offers.findIndex((o) => o.offerId === offerId) < index);
  if (twice) throw new DataError(`${file}: the offer ${twice.offerId} is there twice.`);
  return offers;
}

/** @throws DataError that names the file */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new DataError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file} is no JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** The first thing that is wrong, and where: of the two forms the one that was meant. */
export function explained({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'invalid_union') {
    const [list, object] = issue.errors;
    const meant = list?.[0]?.path.length === 0 && object?.[0] ? object[0] : list?.[0];
    if (meant) return said(meant);
  }
  return said(issue!);
}

function said({ path, message }: { path: PropertyKey[]; message: string }): string {
  return path.length > 0 ? `${z.core.toDotPath(path)}: ${message}` : message;
}
