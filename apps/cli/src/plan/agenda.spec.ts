import type { Journey, Receipt } from '../journey/types.ts';
import { agendaOf } from './agenda.ts';
import { offerIdOf, planOffers } from './offers.ts';

const receipt = (householdId: string, at: string): Receipt => ({
  basketId: `b-${at}`,
  householdId,
  storeId: '1',
  at: new Date(at),
  lines: [],
});
const [soap, soup, own] = ['53620012355', '53620012376', '10000085207'];
const redemption = (householdId: string, upc: string, day: string) => ({
  householdId,
  upc,
  campaignId: '1',
  day,
});

const journey: Journey = {
  products: new Map(),
  campaigns: new Map([
    ['1', { campaignId: '1', type: 'Type A', firstDay: '2017-03-03', lastDay: '2017-04-09' }],
  ]),
  coupons: [soap, soup, own].map((upc) => ({ upc: upc!, campaignId: '1', productIds: ['77'] })),
  targets: [
    { campaignId: '1', householdId: '2' },
    { campaignId: '1', householdId: '999' },
  ],
  redemptions: [
    redemption('2', soap!, '2017-03-05'),
    redemption('2', soup!, '2017-03-05'),
    redemption('2', own!, '2017-03-06'),
    redemption('999', soap!, '2017-03-05'),
  ],
  demographics: new Map(),
  receipts: [receipt('2', '2017-03-05T00:00:00Z'), receipt('4', '2017-03-06T10:00:00Z')],
};
const { offers } = planOffers(journey, { storeMatchUpTo: 100n });
const offerOf = (upc: string | undefined) => offerIdOf({ upc: upc!, campaignId: '1' });

describe('the agenda of a replay', () => {
  it('as recorded: acquires on the day of the redemption what was redeemed, before that day begins to settle', () => {
    const steps = agendaOf('as-recorded', journey, offers);
    expect(steps.map(({ kind, at }) => [kind, at.toISOString()])).toEqual([
      ['acquire', '2017-03-05T00:00:00.000Z'],
      ['settle', '2017-03-05T00:00:00.000Z'],
      ['settle', '2017-03-06T10:00:00.000Z'],
    ]);
    expect(steps[0]).toMatchObject({
      acquisition: { offerIds: [offerOf(soap), offerOf(soup)], channel: 'broadcast' },
    });
  });

  it('as Couplet: every targeted household acquires the whole campaign on its first day', () => {
    const steps = agendaOf('as-couplet', journey, offers);
    expect(steps).toHaveLength(3);
    expect(steps[0]).toMatchObject({
      kind: 'acquire',
      householdId: '2',
      at: new Date('2017-03-03T00:00:00Z'),
      acquisition: { offerIds: [offerOf(soap), offerOf(soup)] },
    });
  });

  it('asks for the same things under the same ids when it is made again', () => {
    expect(agendaOf('as-couplet', journey, offers)).toEqual(agendaOf('as-couplet', journey, offers));
  });
});
