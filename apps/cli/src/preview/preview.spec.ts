import { Preview } from '@couplet/offers';
import { readJourney } from '../journey/read-journey.ts';
import { SAMPLE } from '../workspace.ts';
import { readOffers } from './offers-file.ts';
import { pastBasketOf } from './past-basket.ts';

it('goes through the bundled sample with the bundled offers', async () => {
  const offers = await readOffers(`${SAMPLE}/offers-to-preview.json`);
  const journey = await readJourney(SAMPLE);
  const preview = new Preview(
    offers.map(({ conditions, ...offer }) => ({ ...offer, conditions: conditions! })),
    { heedDates: false },
  );
  for (const receipt of journey.receipts) preview.add(pastBasketOf(receipt, journey, 'America/New_York'));
  expect(preview.results()).toMatchObject([
    { basketsTouched: 25, uses: 25, discount: 1_300n },
    { basketsTouched: 19, uses: 10, discount: 500n, budgetRanOutAt: expect.stringMatching(/^2024-04-10/) },
  ]);
});
