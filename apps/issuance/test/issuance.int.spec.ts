import {
  aCampaign,
  anOffer,
  aProduct,
  type Json,
  PARTIES,
  PRODUCTS,
  type RunningIssuance,
  startIssuance,
} from './running-issuance.ts';

let issuance: RunningIssuance;
let campaignId: string;

beforeAll(async () => {
  issuance = await startIssuance();
  await issuance.ask('import-products', { products: PRODUCTS });
  await issuance.ask('register-funding-parties', { parties: PARTIES });
}, 120_000);
afterAll(() => issuance.stop());
beforeEach(async () => {
  const campaign = aCampaign();
  campaignId = campaign.campaignId;
  await issuance.ask('create-campaigns', { createdBy: 'ann', campaigns: [campaign] });
  await issuance.events(1);
});

const draft = (offers: Json[], draftedBy = 'ann') => issuance.ask('draft-offers', { draftedBy, offers });
const submit = (offerIds: string[], submittedBy = 'bob') =>
  issuance.ask('submit-offers', { submittedBy, offerIds });
const approve = (offerIds: string[], approvedBy = 'cleo') =>
  issuance.ask('approve-offers', { approvedBy, offerIds });
const auditOf = (offerId: string) =>
  issuance.rows(`SELECT actor, act FROM audit_entry WHERE subject = 'offer:${offerId}' ORDER BY id`);
const stateOf = async (offerId: string) =>
  (await issuance.rows(`SELECT state FROM offer WHERE offer_id = '${offerId}'`))[0]?.['state'];

/** Holds the offer until all of the requests wait for it: so they really meet. */
async function meetingAt(offerId: string, requests: () => Promise<Json>[]): Promise<Json[]> {
  const holder = await issuance.service.platform.pool.connect();
  try {
    await holder.query('BEGIN');
    await holder.query('SELECT FROM offer WHERE offer_id = $1 FOR UPDATE', [offerId]);
    const asked = requests();
    // Not by the holder: a transaction sees one snapshot of pg_stat_activity.
    const sql = "SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE wait_event_type = 'Lock'";
    while (((await issuance.rows(sql))[0]!['waiting'] as number) < asked.length);
    await holder.query('COMMIT');
    return await Promise.all(asked);
  } finally {
    holder.release();
  }
}

async function submitted(...offers: ReturnType<typeof anOffer>[]): Promise<string[]> {
  const offerIds = offers.map(({ offerId }) => offerId);
  expect(await draft(offers)).toEqual({ drafted: offers.length });
  expect(await submit(offerIds)).toEqual({ submitted: offers.length });
  return offerIds;
}

describe('an offer', () => {
  it('goes live by a second person, and the event carries it whole', async () => {
    const offer = anOffer(campaignId);
    const [offerId] = await submitted(offer);

    expect(await approve([offerId!])).toEqual({ approved: 1 });

    const [event] = await issuance.events(1);
    expect(event!.subject).toBe('couplet.event.issuance.offer-approved.v1');
    expect(event!.body).toEqual({ ...offer, version: 3, approvedAt: expect.stringMatching(/^20.*Z$/) });
    expect(event!.headers).toMatchObject({ 'ce-specversion': '1.0' });
    expect(await auditOf(offerId!)).toEqual([
      { actor: 'ann', act: 'draft' },
      { actor: 'bob', act: 'submit' },
      { actor: 'cleo', act: 'approve' },
    ]);
  });

  it.each([
    ['ann', 'written'],
    ['bob', 'submitted'],
    ['ANN', 'written'],
  ])('is not approved by %s, who %s it; nothing of that request is', async (approvedBy, act) => {
    const [own, others] = [anOffer(campaignId), anOffer(campaignId)];
    await draft([others], 'dora');
    await submit([others.offerId], 'dan');
    const [offerId] = await submitted(own);

    const refused = await approve([others.offerId, offerId!], approvedBy);

    expect(refused).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(`${offerId} was ${act} by`),
    });
    expect(await stateOf(others.offerId)).toBe('submitted');
    expect(await auditOf(others.offerId)).toHaveLength(2);
  });

  it('is not approved before it was submitted, nor when there is none', async () => {
    const offer = anOffer(campaignId);
    await draft([offer]);
    expect(await approve([offer.offerId])).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(`${offer.offerId} must be submitted first`),
    });
    const nobody = '0198f6d0-0000-7000-8000-000000000000';
    expect(await approve([nobody])).toMatchObject({
      code: 'not-found',
      detail: expect.stringContaining(nobody),
    });
    expect(await submit([nobody])).toMatchObject({ code: 'not-found' });
  });

  it('is approved, submitted and drafted again without harm: one event, one audit row each', async () => {
    const offer = anOffer(campaignId);
    const ids = await submitted(offer);

    const approvals = await meetingAt(ids[0]!, () => [approve(ids), approve(ids), approve(ids, 'dora')]);

    expect(approvals.map(({ approved }) => approved).sort()).toEqual([0, 0, 1]);
    expect(await submit(ids, 'dora')).toEqual({ submitted: 0 });
    expect(await draft([offer], 'dora')).toEqual({ drafted: 0 });
    expect(await auditOf(offer.offerId)).toHaveLength(3);
    const outbox = `SELECT payload FROM outbox WHERE payload LIKE '%${offer.offerId}%'`;
    expect(await issuance.rows(outbox)).toHaveLength(1);
    await issuance.events(1);
  });

  it('with another body is a conflict that names it; nothing of that request is drafted', async () => {
    const [offer, fresh] = [anOffer(campaignId), anOffer(campaignId)];
    await draft([offer]);
    expect(await draft([fresh, { ...offer, title: 'Two dollars off' }])).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(offer.offerId),
    });
    expect(await stateOf(fresh.offerId)).toBeUndefined();
  });
});

describe('a draft', () => {
  it.each([
    ['campaign', (id: string) => anOffer(id), 'offers[0].campaignId'],
    [
      'party',
      (id: string) => anOffer(id, ['1'], { funding: [{ party: 'nobody', shareBps: 10_000 }] }),
      'offers[0].terms.funding[0].party',
    ],
    [
      'store',
      (id: string) => anOffer(id, ['1'], { storeMatch: { party: 'nobody', upToTotal: 1 } }),
      'offers[0].terms.storeMatch.party',
    ],
    ['product', (id: string) => anOffer(id, ['1', 'nothing']), 'offers[0].terms.requires[0].productIds[1]'],
  ])('that names an unknown %s is refused by its field', async (what, offerOf, field) => {
    const offer = offerOf(what === 'campaign' ? '0198f6d0-0000-7000-8000-000000000000' : campaignId);
    expect(await draft([offer])).toMatchObject({ code: 'invalid-request', errors: [{ field }] });
    expect(await stateOf(offer.offerId)).toBeUndefined();
  });

  it('that names many unknown products is told the first few', async () => {
    const refused = await draft([
      anOffer(
        campaignId,
        Array.from({ length: 50 }, (_, index) => `x${index}`),
      ),
    ]);
    expect(refused['errors']).toHaveLength(10);
    expect(refused['detail']).toContain('the first 10 of 50');
  });

  it('that would not fit into one message is refused', async () => {
    const products = Array.from({ length: 15_200 }, (_, index) => String(index).padStart(64, '0'));
    expect(await draft([anOffer(campaignId, products)])).toMatchObject({
      code: 'invalid-request',
      errors: [{ field: 'offers[0].terms', detail: expect.stringContaining('at most 1000000') }],
    });
  });

  it('of 14,477 products goes all the way to the stream', async () => {
    const ids = Array.from({ length: 14_477 }, (_, index) => String(900_000 + index));
    for (let start = 0; start < ids.length; start += 5_000) {
      const products = ids.slice(start, start + 5_000).map(aProduct);
      expect(await issuance.ask('import-products', { products })).toEqual({ imported: products.length });
    }
    const offer = anOffer(campaignId, ids);
    await approve(await submitted(offer));
    const [event] = await issuance.events(1);
    expect(event!.body).toMatchObject({ offerId: offer.offerId, terms: offer['terms'] });
  }, 60_000);

  it('is there twice in one request: refused', async () => {
    const offer = anOffer(campaignId);
    expect(await draft([offer, offer])).toMatchObject({ errors: [{ field: 'offers[1].offerId' }] });
  });
});

describe('campaigns', () => {
  it('are created once, with one event and one audit row', async () => {
    const campaign = aCampaign();
    const campaigns = [campaign, { ...campaign, campaignId: campaign.campaignId.toUpperCase() }];
    const create = () => issuance.ask('create-campaigns', { createdBy: 'ann', campaigns });
    expect(await create()).toEqual({ created: 1 });
    expect(await create()).toEqual({ created: 0 });
    expect((await issuance.events(1))[0]).toMatchObject({
      subject: 'couplet.event.issuance.campaign-created.v1',
      body: campaign,
    });
    const subject = `campaign:${campaign.campaignId}`;
    expect(await issuance.rows(`SELECT actor FROM audit_entry WHERE subject = '${subject}'`)).toEqual([
      { actor: 'ann' },
    ]);
  });

  it('with another body, or that end before they start, are refused', async () => {
    const again = { ...aCampaign(), campaignId };
    const create = (campaign: Json) =>
      issuance.ask('create-campaigns', { createdBy: 'ann', campaigns: [campaign] });
    expect(await create({ ...again, title: 'Other' })).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(campaignId),
    });
    expect(await create(aCampaign({ endsAt: '2016-01-01T00:00:00Z' }))).toMatchObject({
      errors: [{ field: 'campaigns[0].endsAt' }],
    });
  });
});

describe('the catalogue', () => {
  it('is replaced by its latest import, and who imported it is on record', async () => {
    const products = [aProduct('p1'), { ...aProduct('p1'), brand: 'National' }];
    expect(await issuance.ask('import-products', { products }, 'gateway')).toEqual({ imported: 2 });
    expect(await issuance.rows("SELECT brand FROM product WHERE product_id = 'p1'")).toEqual([
      { brand: 'National' },
    ]);
    const [entry] = await issuance.rows(
      "SELECT actor, detail FROM audit_entry WHERE subject = 'products' ORDER BY id DESC",
    );
    expect(entry).toMatchObject({ actor: 'gateway', detail: { imported: 2, first: 'p1' } });
  });

  it('of funding parties records what changed, and only that', async () => {
    const register = (title: string) =>
      issuance.ask('register-funding-parties', { parties: [{ party: 'bank:1', kind: 'bank', title }] });
    expect(await register('A bank')).toEqual({ registered: 1 });
    expect(await register('A bank')).toEqual({ registered: 0 });
    expect(await register('The bank')).toEqual({ registered: 1 });
    expect(await issuance.rows("SELECT act FROM audit_entry WHERE subject = 'party:bank:1'")).toHaveLength(2);
  });

  it('tells who changed it, where the request names a person', async () => {
    const party = { party: 'bank:2', kind: 'bank', title: 'A bank' };
    await issuance.ask('import-products', { importedBy: 'ann', products: [aProduct('p3')] }, 'gateway');
    await issuance.ask('register-funding-parties', { registeredBy: 'bob', parties: [party] }, 'gateway');
    const store = { storeId: 'of-cleo', timeZone: 'UTC' };
    await issuance.ask('register-stores', { registeredBy: 'cleo', stores: [store] }, 'gateway');
    await issuance.events(1);
    const { entries } = await issuance.ask('read-audit', { limit: 3 });
    expect((entries as Json[]).map(({ subject, actor, caller }) => [subject, actor, caller])).toEqual([
      ['store:of-cleo', 'cleo', 'gateway'],
      ['party:bank:2', 'bob', 'gateway'],
      ['products', 'ann', 'gateway'],
    ]);
  });

  it('is not open to relays', async () => {
    expect(await issuance.ask('import-products', { products: [aProduct('p2')] }, 'acme')).toMatchObject({
      code: 'caller-not-allowed',
    });
  });
});
