import { OfferPreview } from '@couplet/contracts';
import { Preview, type OfferResult, type OfferToPreview } from '@couplet/offers';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import { readJourney } from '../journey/read-journey.ts';
import { readOffers, type OfferOfFile } from '../preview/offers-file.ts';
import { pastBasketOf } from '../preview/past-basket.ts';
import { inMajorUnits } from '../terminal/money.ts';
import { SAMPLE } from '../workspace.ts';
import type { PreviewOptions } from './preview-options.ts';
import { Progress } from './progress.ts';
import { table } from './table.ts';

/** So many baskets are priced before the progress is shown again. */
const BASKETS_AT_ONCE = 500;

/**
 * Runs the engine over past baskets and says what every offer would have done.
 *
 * @returns the exit code
 * @throws DataError for a file or folder that cannot be used
 */
export async function preview(options: PreviewOptions): Promise<number> {
  const progress = new Progress(process.stderr);
  const offers = (await readOffers(options.offers)).map((offer) => withConditions(offer, options.offers));
  const journey = await readJourney(options.data ?? SAMPLE);
  const previewed = new Preview(offers, { heedDates: options.dates });
  for (const [index, receipt] of journey.receipts.entries()) {
    if (index > 0 && index % BASKETS_AT_ONCE === 0)
      progress.step(`${index} of ${journey.receipts.length} baskets`);
    previewed.add(pastBasketOf(receipt, journey, options.timeZone));
  }
  progress.clear();
  const baskets = journey.receipts.length;
  const results = previewed.results();
  const lines = options.json ? [asJson(baskets, results)] : report(offers, baskets, results);
  for (const line of lines) console.log(line);
  return 0;
}

function withConditions({ conditions, ...offer }: OfferOfFile, file: string): OfferToPreview & OfferOfFile {
  if (!conditions) throw new DataError(`${file}: ${offer.offerId} has no conditions, which a preview needs.`);
  return { ...offer, conditions };
}

function asJson(baskets: number, results: readonly OfferResult[]): string {
  const Result = OfferPreview.extend({ offerId: z.string() });
  return JSON.stringify({ baskets, offers: results.map((result) => z.encode(Result, result)) });
}

function report(offers: readonly OfferOfFile[], baskets: number, results: readonly OfferResult[]): string[] {
  const titles = new Map(offers.map(({ offerId, title }) => [offerId, title]));
  const nameOf = ({ offerId }: OfferResult) => titles.get(offerId) ?? offerId;
  const money = (amount: bigint, currency: string) => inMajorUnits(amount, currency);
  const headings = ['Offer', 'Baskets touched', 'Uses', 'Discount', 'Currency', 'Ran out'];
  const rows = results.map((result) => [
    nameOf(result),
    String(result.basketsTouched),
    String(result.uses),
    money(result.discount, result.currency),
    result.currency,
    ranOut(result),
  ]);
  const parties = results.flatMap((result) =>
    result.byParty.map(({ party, amount }) => [nameOf(result), party, money(amount, result.currency)]),
  );
  return [
    `${baskets} baskets`,
    '',
    ...table(headings, rows),
    ...(parties.length > 0 ? ['', ...table(['Offer', 'Paid by', 'Amount'], parties)] : []),
  ];
}

function ranOut({ budgetRanOutAt, usesRanOutAt }: OfferResult): string {
  const limits = [
    ...(budgetRanOutAt ? [`budget ${budgetRanOutAt.slice(0, 10)}`] : []),
    ...(usesRanOutAt ? [`uses ${usesRanOutAt.slice(0, 10)}`] : []),
  ];
  return limits.join(', ') || '-';
}
