import { PreviewOffersV1, ProblemError } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { type PastBasket, Preview } from '@couplet/offers';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { zoneByStore } from '../db/stores.ts';

/** So many baskets are priced before others get their turn. */
const BASKETS_AT_ONCE = 25;

/** What offers would have done, before anybody approves them. */
@Controller()
export class PreviewController {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  @OnRequest(PreviewOffersV1)
  async preview(
    @Payload() { offers, heedDates, baskets }: z.output<typeof PreviewOffersV1.request>,
  ): Promise<z.output<typeof PreviewOffersV1.reply>> {
    const zones = await zoneByStore(this.administration.manager, [
      ...new Set(baskets.map(({ storeId }) => storeId)),
    ]);
    const past = baskets
      .map(({ at, timeZone, ...basket }) => ({
        ...basket,
        atMs: Date.parse(at),
        timeZone: timeZone ?? zones.get(basket.storeId),
      }))
      .sort((a, b) => a.atMs - b.atMs);
    const preview = previewOf(offers, heedDates);
    for (const [index, basket] of past.entries()) {
      if (index % BASKETS_AT_ONCE === 0) await new Promise(setImmediate);
      addTo(preview, basket);
    }
    return { offers: preview.results() };
  }
}

/** @throws ProblemError `invalid-request` for a basket that no till could have had */
function addTo(preview: Preview, { basketId, ...basket }: PastBasket & { basketId: string }): void {
  try {
    preview.add(basket);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const problem = { field: `baskets.${basketId}`, detail: error.message };
    throw new ProblemError('invalid-request', 'a basket cannot be priced', [problem], { cause: error });
  }
}

/** @throws ProblemError `invalid-request` if one offer is there twice */
function previewOf(offers: z.output<typeof PreviewOffersV1.request>['offers'], heedDates: boolean): Preview {
  const twice = offers.findIndex(({ offerId }, index) =>
    offers.slice(0, index).some((other) => other.offerId === offerId),
  );
  if (twice >= 0) {
    const error = { field: `offers[${twice}].offerId`, detail: 'is there twice' };
    throw new ProblemError('invalid-request', 'an offer may be in a request once', [error]);
  }
  return new Preview(offers, { heedDates });
}
