import { explain as explainBasket } from '../explain/explain.ts';
import { readBasket } from '../explain/basket-file.ts';
import { readOffers } from '../preview/offers-file.ts';
import { asJson, report } from '../explain/report.ts';
import type { ExplainOptions } from './explain-options.ts';

/** @returns the exit code @throws DataError for a file that cannot be used */
export async function explain({ offers, basket, json }: ExplainOptions): Promise<number> {
  const explanation = explainBasket(await readBasket(basket), await readOffers(offers));
  for (const line of json ? [asJson(explanation)] : report(explanation)) console.log(line);
  return 0;
}
