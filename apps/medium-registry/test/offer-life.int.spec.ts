import {
  ChangeAttributesV1,
  type OfferApprovedV1 as Offer,
  OfferApprovedV1,
  OfferEndedV1,
  OfferPausedV1,
  OfferResumedV1,
  SearchCouponsV1,
  StoresRegisteredV1,
} from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { anOffer } from './samples.ts';
import { ASK, type Holder, Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  stack = await Stack.start();
}, 120_000);
afterAll(() => stack.stop());

const AT = '2026-05-01T10:00:00Z';
const paused = ({ offerId }: Offer, version: number) =>
  stack.publish(OfferPausedV1, { offerId, version, pausedAt: AT });
const resumed = ({ offerId }: Offer, version: number) =>
  stack.publish(OfferResumedV1, { offerId, version, resumedAt: AT });
const ended = ({ offerId }: Offer, version: number) =>
  stack.publish(OfferEndedV1, { offerId, version, endedAt: AT });

/** Every path to a till: what a search shows, what a reserve takes, and whether it can still be acquired. */
async function reach(offer: Offer, { holderId, point }: Holder): Promise<string> {
  const searched = await stack.operator.request(
    SearchCouponsV1,
    {
      searchId: uuidv7(),
      media: [point],
      purpose: 'purchase',
      presentedAt: '2026-05-10T12:00:00Z',
      limit: 50,
    },
    ASK,
  );
  const reserved = await stack.reserve({ media: [point] });
  await stack.taken(await stack.abandoned(reserved.settlementId));
  const acquired = await stack.acquire(holderId, [offer]).then(
    () => 'acquired',
    (error: { errors?: { detail: string }[] }) => error.errors?.[0]?.detail.replace(offer.offerId, 'it'),
  );
  return `search ${searched.coupons.length > 0 ? 'finds' : 'none'}, till ${reserved.couponSearch}, ${acquired}`;
}

describe('an approved offer', () => {
  it('is found at no till once the registry knows that it is paused, and again when it goes on', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    expect(await reach(offer, holder)).toBe('search finds, till found, acquired');

    await stack.taken(await paused(offer, 4));
    expect(await reach(offer, holder)).toBe('search none, till none, offer it is paused');

    await stack.taken(await resumed(offer, 5));
    expect(await reach(offer, holder)).toBe('search finds, till found, acquired');
  });

  it('is found at no till any more once it has ended', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    await stack.taken(await ended(offer, 4));
    expect(await reach(offer, holder)).toBe('search none, till none, offer it has ended');
  });

  it('keeps what it has granted: a settlement that was reserved before is consumed after', async () => {
    const offer = await stack.offer();
    const holder = await stack.holder(offer);
    const answer = await stack.reserve({ media: [holder.point] });
    await stack.taken(await ended(offer, 4));
    await stack.taken(await stack.granted(answer, holder.couponIds));
    expect(await stack.couponState(holder.couponIds[0]!)).toEqual({ usesLeft: 0, held: 0, used: 1 });
  });

  it.each([
    ['paused, then approved', [paused, undefined], 'search none, till none, offer it is paused'],
    [
      'ended, then paused, then approved',
      [ended, paused, undefined],
      'search none, till none, offer it has ended',
    ],
    [
      'resumed, then paused, then approved',
      [resumed, paused, undefined],
      'search finds, till found, acquired',
    ],
    ['approved, ended, resumed', [undefined, ended, resumed], 'search none, till none, offer it has ended'],
  ])('stands as its latest version says when events come %s', async (_, order, standing) => {
    const offer = anOffer();
    const versions = new Map([
      [paused, 4],
      [resumed, 5],
      [ended, 6],
    ]);
    for (const tell of order) {
      const eventId = tell
        ? await tell(offer, versions.get(tell)!)
        : await stack.publish(OfferApprovedV1, offer);
      await stack.taken(eventId);
    }
    // The coupon may be there from before; acquired past the check of the verb.
    const holder = await stack.holder();
    await stack.pool.query(
      `INSERT INTO coupon (coupon_id, holder_id, offer_id, acquisition_id) VALUES ($1, $2, $3, $1)`,
      [uuidv7(), holder.holderId, offer.offerId],
    );
    expect(await reach(offer, holder)).toBe(standing);
  });
});

describe('an offer that was never approved', () => {
  it('cannot be acquired, and without a coupon no search and no till finds it', async () => {
    const holder = await stack.holder();
    expect(await reach(anOffer(), holder)).toBe('search none, till none, offer it is not live');
  });
});

describe('conditions', () => {
  it('of purpose: two purposes give different results for one holder', async () => {
    const milk = await stack.offer({ conditions: { purposes: ['purchase'] } });
    const rental = await stack.offer({
      terms: { reward: { kind: 'amount-off', amount: 30n } },
      conditions: { purposes: ['rental'] },
    });
    const holder = await stack.holder(milk, rental);
    const forPurpose = async (purpose: string) => {
      const { discount, coupons } = await stack.reserve({ media: [holder.point], purpose });
      return { discount, offers: coupons.map(({ offerId }) => offerId) };
    };
    expect(await forPurpose('purchase')).toEqual({ discount: 100n, offers: [milk.offerId] });
    expect(await forPurpose('rental')).toEqual({ discount: 30n, offers: [rental.offerId] });
    expect(await forPurpose('catering')).toEqual({ discount: 0n, offers: [] });
  });

  it('of segment: by the attributes of the holder who brings the coupon', async () => {
    const offer = await stack.offer({ conditions: { segments: [{ tier: 'gold' }, { age: '19-24' }] } });
    const gold = await stack.holderWith({ tier: 'gold', age: '35-44' }, offer);
    const young = await stack.holderWith({ age: '19-24' }, offer);
    const other = await stack.holderWith({ tier: 'silver' }, offer);

    expect((await stack.reserve({ media: [gold.point] })).couponSearch).toBe('found');
    expect((await stack.reserve({ media: [young.credit] })).couponSearch).toBe('found');
    expect((await stack.reserve({ media: [other.point] })).refused).toMatchObject([
      { offerId: offer.offerId, reason: 'holder-not-in-segment' },
    ]);
  });
});

it('of segment follow the holder from one to the other', async () => {
  const offer = await stack.offer({ conditions: { segments: [{ tier: 'gold' }] } });
  const holder = await stack.holderWith({ tier: 'silver', age: '35-44' }, offer);
  const change = (set: Record<string, string>, remove: string[] = []) =>
    stack.operator.request(ChangeAttributesV1, { holderId: holder.holderId, set, remove }, ASK);
  const searched = async () => (await stack.reserve({ media: [holder.point] })).couponSearch;

  expect(await searched()).toBe('none');
  expect((await change({ tier: 'gold' })).attributes).toEqual({ tier: 'gold', age: '35-44' });
  expect((await change({}, ['age'])).attributes).toEqual({ tier: 'gold' });
  expect(await searched()).toBe('found');
  const nobody = stack.operator.request(ChangeAttributesV1, { holderId: uuidv7(), set: {}, remove: [] }, ASK);
  await expect(nobody).rejects.toMatchObject({ code: 'not-found' });
});

describe('a window in local time', () => {
  const local = { validFrom: '2026-05-10T08:00', validTo: '2026-05-10T20:00' };
  const stores = (...stores: [storeId: string, timeZone: string, version: number][]) =>
    stack.publish(StoresRegisteredV1, {
      stores: stores.map(([storeId, timeZone, version]) => ({ storeId, timeZone, version })),
    });
  const reserveAt = (holder: Holder, storeId: string, presentedAt: string) =>
    stack.reserve({ media: [holder.point], storeId, presentedAt });

  it("is open by each store's own clock", async () => {
    const offer = await stack.offer({ conditions: local });
    const holder = await stack.holder(offer, offer);
    await stack.taken(await stores(['boston', 'America/New_York', 1], ['lisbon', 'Europe/Lisbon', 1]));

    const at = '2026-05-10T11:30:00Z';
    expect(await reserveAt(holder, 'boston', at)).toMatchObject({ couponSearch: 'none', refused: [] });
    expect(await reserveAt(holder, 'lisbon', at)).toMatchObject({ couponSearch: 'found' });
    expect(await reserveAt(holder, 'boston', '2026-05-10T12:00:00Z')).toMatchObject({
      couponSearch: 'found',
    });
  });

  it('is not open at a store whose clock nobody knows, which is told', async () => {
    const offer = await stack.offer({ conditions: local });
    const holder = await stack.holder(offer);
    const answer = await reserveAt(holder, 'nowhere', '2026-05-10T12:00:00Z');
    expect(answer.refused).toMatchObject([{ reason: 'store-time-zone-unknown' }]);
  });

  it('follows the latest version of a store, in whatever order it is told', async () => {
    const offer = await stack.offer({ conditions: local });
    const holder = await stack.holder(offer);
    await stack.taken(await stores(['moving', 'Europe/Lisbon', 2]));
    await stack.taken(await stores(['moving', 'Asia/Tokyo', 1]));
    expect(await reserveAt(holder, 'moving', '2026-05-10T11:30:00Z')).toMatchObject({
      couponSearch: 'found',
    });
  });
});
