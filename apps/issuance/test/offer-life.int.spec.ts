import {
  aCampaign,
  anOffer,
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
  campaignId = await aNewCampaign();
});

async function aNewCampaign(over: Json = {}): Promise<string> {
  const campaign = aCampaign(over);
  await issuance.ask('create-campaigns', { createdBy: 'ann', campaigns: [campaign] });
  await issuance.events(1);
  return campaign.campaignId;
}

/** What people may do to one offer, by the verb. */
const ACTS: Record<string, (offerIds: string[]) => [verb: string, body: Json]> = {
  submit: (offerIds) => ['submit-offers', { submittedBy: 'bob', offerIds }],
  return: (offerIds) => ['return-offers', { returnedBy: 'cleo', reason: 'too much', offerIds }],
  approve: (offerIds) => ['approve-offers', { approvedBy: 'cleo', offerIds }],
  pause: (offerIds) => ['pause-offers', { pausedBy: 'dan', reason: 'sold out', offerIds }],
  resume: (offerIds) => ['resume-offers', { resumedBy: 'dan', offerIds }],
  end: (offerIds) => ['end-offers', { endedBy: 'dan', reason: 'over', offerIds }],
};
const act = (name: string, offerIds: string[], over: Json = {}) => {
  const [verb, body] = ACTS[name]!(offerIds);
  return issuance.ask(verb, { ...body, ...over });
};
const draft = (offer: Json, draftedBy = 'ann') =>
  issuance.ask('draft-offers', { draftedBy, offers: [offer] });
const revise = (offer: Json, version: number, revisedBy = 'eve') =>
  issuance.ask('revise-offers', { revisedBy, offers: [{ ...offer, version }] });
const read = (offerId: string) => issuance.ask('read-offer', { offerId });
const trail = async (offerId: string) =>
  ((await issuance.ask('read-audit', { subject: `offer:${offerId}` }))['entries'] as Json[]).reverse();

/** An offer that went through these acts; its events are read. */
async function offerAfter(acts: string[], over: Json = {}): Promise<Json & { offerId: string }> {
  const offer = { ...anOffer(campaignId), ...over };
  expect(await draft(offer)).toEqual({ drafted: 1 });
  for (const name of acts) expect(Object.values(await act(name, [offer.offerId]))).toEqual([1]);
  await issuance.events(acts.filter((name) => ['approve', 'pause', 'resume'].includes(name)).length);
  return offer;
}

describe('the life of an offer', () => {
  it('goes from draft to its end, each step by an event where others must know, and all of it in the trail', async () => {
    const offer = anOffer(campaignId);
    const { offerId } = offer;
    await draft(offer);
    for (const name of ['submit', 'return', 'submit', 'approve', 'pause', 'resume', 'end']) {
      expect(Object.values(await act(name, [offerId]))).toEqual([1]);
    }

    const events = await issuance.events(4);
    expect(events.map(({ subject, body }) => [subject.split('.')[3], body['version']])).toEqual([
      ['offer-approved', 5],
      ['offer-paused', 6],
      ['offer-resumed', 7],
      ['offer-ended', 8],
    ]);
    expect(await trail(offerId)).toMatchObject([
      { actor: 'ann', caller: 'operator', act: 'draft', to: 'draft', detail: { version: 1 } },
      { actor: 'bob', act: 'submit', from: 'draft', to: 'submitted', detail: { version: 2 } },
      { actor: 'cleo', act: 'return', from: 'submitted', to: 'draft', detail: { reason: 'too much' } },
      { actor: 'bob', act: 'submit', from: 'draft', to: 'submitted' },
      { actor: 'cleo', act: 'approve', from: 'submitted', to: 'approved', detail: { version: 5 } },
      { actor: 'dan', act: 'pause', from: 'approved', to: 'paused', detail: { reason: 'sold out' } },
      { actor: 'dan', act: 'resume', from: 'paused', to: 'approved' },
      { actor: 'dan', act: 'end', from: 'approved', to: 'ended', detail: { version: 8, reason: 'over' } },
    ]);
    expect(await read(offerId)).toMatchObject({ state: 'ended', phase: 'ended', version: 8 });
  });

  it.each([
    ['approve', [], 'must be submitted first'],
    ['pause', ['submit'], 'was not approved'],
    ['resume', ['submit'], 'was not approved'],
    ['return', ['submit', 'approve'], 'was approved, and stays as it was approved'],
    ['approve', ['submit', 'approve', 'pause'], 'is paused'],
    ['submit', ['submit', 'approve', 'end'], 'has ended'],
    ['resume', ['submit', 'approve', 'end'], 'has ended'],
  ])('refuses to %s after %j: it %s', async (name, acts, why) => {
    const { offerId } = await offerAfter(acts);
    const before = await read(offerId);
    expect(await act(name, [offerId])).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining(`${offerId} ${why}`),
    });
    expect(await read(offerId)).toEqual(before);
    if (acts.includes('end')) await issuance.events(1);
  });

  it('takes a repeat of every act without a second event or a second entry', async () => {
    const { offerId } = await offerAfter(['submit', 'approve', 'pause']);
    expect(await act('pause', [offerId])).toEqual({ paused: 0 });
    expect(await act('resume', [offerId])).toEqual({ resumed: 1 });
    expect(await act('resume', [offerId])).toEqual({ resumed: 0 });
    expect(await act('end', [offerId])).toEqual({ ended: 1 });
    expect(await act('end', [offerId])).toEqual({ ended: 0 });
    await issuance.events(2);
    expect(await trail(offerId)).toHaveLength(6);
  });

  it('tells nobody of the end of an offer that nobody knows', async () => {
    const { offerId } = await offerAfter(['submit']);
    await act('end', [offerId]);
    expect(await issuance.rows(`SELECT 1 FROM outbox WHERE payload LIKE '%${offerId}%'`)).toEqual([]);
  });

  it('lets one of many who act at once move the offer; the others find it moved', async () => {
    const { offerId } = await offerAfter(['submit', 'approve']);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => act(index % 2 ? 'pause' : 'end', [offerId])),
    );
    const moved = answers.filter((answer) => answer['paused'] === 1 || answer['ended'] === 1);
    const states = (await trail(offerId)).map((entry) => entry['to']);
    expect(states.slice(3)).toEqual(moved.length === 2 ? ['paused', 'ended'] : ['ended']);
    await issuance.events(moved.length);
  });
});

describe('a draft', () => {
  it('is rewritten by whoever saw it as it is, and the trail says what changed', async () => {
    const offer = await offerAfter(['submit', 'return']);
    const better = {
      ...offer,
      title: 'Two dollars off',
      conditions: { ...(offer['conditions'] as Json), stores: ['309'] },
    };

    expect(await revise(better, 3)).toEqual({ revised: 1 });
    expect(await revise(better, 3)).toEqual({ revised: 0 });
    expect(await revise({ ...better, title: 'Three' }, 3)).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('has version 4 now'),
    });

    expect(await read(offer.offerId)).toMatchObject({ title: 'Two dollars off', state: 'draft', version: 4 });
    expect((await trail(offer.offerId)).at(-1)).toMatchObject({
      actor: 'eve',
      act: 'revise',
      detail: {
        changed: [
          { path: 'title', from: 'One dollar off', to: 'Two dollars off' },
          { path: 'conditions.stores', to: ['309'] },
        ],
      },
    });
  });

  it('is not approved by somebody who rewrote it', async () => {
    const offer = await offerAfter([]);
    await revise({ ...offer, title: 'Two dollars off' }, 1, 'cleo');
    await act('submit', [offer.offerId]);
    expect(await act('approve', [offer.offerId])).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('was written by cleo'),
    });
  });

  it.each([['submit'], ['approve']])('cannot be rewritten once somebody did %s', async (last) => {
    const offer = await offerAfter(last === 'submit' ? ['submit'] : ['submit', 'approve']);
    expect(await revise({ ...offer, title: 'Two dollars off' }, last === 'submit' ? 2 : 3)).toMatchObject({
      code: 'conflict',
    });
  });

  it('is not approved in another version than the approver saw', async () => {
    const offer = await offerAfter(['submit']);
    await act('return', [offer.offerId]);
    await revise({ ...offer, title: 'Everything free' }, 3);
    await act('submit', [offer.offerId]);
    expect(await act('approve', [offer.offerId], { versions: [2] })).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('has version 5 now'),
    });
    expect(await act('approve', [offer.offerId], { versions: [5] })).toEqual({ approved: 1 });
    await issuance.events(1);
  });

  it.each([
    [
      'a window that ends before it begins',
      { validTo: '2016-12-31T00:00:00Z' },
      'offers[0].conditions.validTo',
    ],
    ['a window local at one end only', { validTo: '2017-02-01T00:00' }, 'offers[0].conditions.validTo'],
    [
      'a day that is none',
      { validFrom: '2017-02-29T00:00', validTo: '2017-03-09T00:00' },
      'offers[0].conditions.validFrom',
    ],
    [
      'hours without a length',
      { hours: [{ days: ['monday'], from: '08:00', to: '08:00' }] },
      'offers[0].conditions.hours[0].to',
    ],
    ['a segment of nobody', { segments: [{}] }, 'offers[0].conditions.segments[0]'],
    ['no purpose', { purposes: [] }, 'offers[0].conditions.purposes'],
    ['a limit of no use', { limits: { uses: 0 } }, 'offers[0].conditions.limits.uses'],
  ])('with %s is refused by its field', async (_what, conditions, field) => {
    const offer = anOffer(campaignId);
    const refused = await draft({
      ...offer,
      conditions: { ...(offer['conditions'] as Json), ...conditions },
    });
    expect(refused).toMatchObject({ code: 'invalid-request', errors: [{ field }] });
  });
});

describe('the budget of a campaign', () => {
  const budget = { currency: 'USD', amount: 1_500 };

  it('is never promised twice, also when approvals meet', async () => {
    campaignId = await aNewCampaign({ budget });
    const offers = [await offerAfter(['submit']), await offerAfter(['submit']), await offerAfter(['submit'])];
    const answers = await Promise.all(offers.map(({ offerId }) => act('approve', [offerId])));
    expect(answers.filter((answer) => answer['approved'] === 1)).toHaveLength(1);
    expect(answers.find((answer) => answer['code'] === 'conflict')).toMatchObject({
      detail: expect.stringContaining('may spend 1000, and its campaign has 500 left'),
    });
    await issuance.events(1);
  });

  it('stays promised when an offer has ended: what it spent is not known here', async () => {
    campaignId = await aNewCampaign({ budget });
    await offerAfter(['submit', 'approve', 'end']);
    await issuance.events(1);
    const { offerId } = await offerAfter(['submit']);
    expect(await act('approve', [offerId])).toMatchObject({ code: 'conflict' });
  });

  it('asks every offer for a budget of its own', async () => {
    campaignId = await aNewCampaign({ budget });
    const conditions = { ...(anOffer(campaignId)['conditions'] as Json), limits: {} };
    const { offerId } = await offerAfter(['submit'], { conditions });
    expect(await act('approve', [offerId])).toMatchObject({
      code: 'conflict',
      detail: expect.stringContaining('needs a budget'),
    });
  });
});

describe('what people see', () => {
  it.each([
    ['2017-01-01T00:00:00Z', '2017-02-01T00:00:00Z', 'ended'],
    ['2017-01-01T00:00:00Z', '2117-02-01T00:00:00Z', 'live'],
    ['2117-01-01T00:00', '2117-02-01T00:00', 'approved'],
  ])('of an approved offer from %s to %s is %s', async (validFrom, validTo, phase) => {
    const conditions = { ...(anOffer(campaignId)['conditions'] as Json), validFrom, validTo };
    const { offerId } = await offerAfter(['submit', 'approve'], { conditions });
    expect(await read(offerId)).toMatchObject({ state: 'approved', phase });
  });

  it('of a window in local time follows the clocks of the stores that the offer is for', async () => {
    const stores = { first: 'Pacific/Kiritimati', last: 'Pacific/Honolulu' }; // 14 hours before UTC, 10 hours after.
    const registered = Object.entries(stores).map(([storeId, timeZone]) => ({ storeId, timeZone }));
    await issuance.ask('register-stores', { stores: registered });
    await issuance.events(1);
    const inTwoHours = new Date(Date.now() + 2 * 3_600_000).toISOString().slice(0, 19);
    const phaseIn = async (...only: string[]) => {
      const window = { validFrom: inTwoHours, validTo: '2117-01-01T00:00', stores: only };
      const conditions = { ...(anOffer(campaignId)['conditions'] as Json), ...window };
      const { offerId } = await offerAfter(['submit', 'approve'], { conditions });
      const { offers } = await issuance.ask('list-offers', { campaignId, limit: 1 });
      expect(offers).toMatchObject([{ offerId, phase: (await read(offerId))['phase'] }]);
      return (await read(offerId))['phase'];
    };
    expect([await phaseIn('first'), await phaseIn('last'), await phaseIn('last', 'first')]).toEqual([
      'live',
      'approved',
      'live',
    ]);
  });

  it('is listed page by page, newest draft first, by state and campaign', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 3; count++) ids.unshift((await offerAfter(['submit'])).offerId);
    await offerAfter([]);
    const list = (over: Json) =>
      issuance.ask('list-offers', { campaignId, state: 'submitted', limit: 2, ...over });
    const idsOf = (page: Json) => (page['offers'] as Json[]).map(({ offerId }) => offerId);

    const first = await list({});
    expect([idsOf(first), first['more']]).toEqual([ids.slice(0, 2), true]);
    const second = await list({ before: ids[1] });
    expect([idsOf(second), second['more']]).toEqual([ids.slice(2), false]);
    expect(await read('0198f6d0-0000-7000-8000-000000000000')).toMatchObject({ code: 'not-found' });
  });

  it('of the trail is read page by page, by person too', async () => {
    const { offerId } = await offerAfter(['submit', 'return', 'submit']);
    const page = async (over: Json) =>
      (await issuance.ask('read-audit', { subject: `offer:${offerId}`, limit: 3, ...over }))[
        'entries'
      ] as Json[];
    const newest = await page({});
    expect(newest.map((entry) => entry['act'])).toEqual(['submit', 'return', 'submit']);
    expect((await page({ before: newest.at(-1)!['entry'] })).map((entry) => entry['act'])).toEqual(['draft']);
    expect(await page({ actor: 'cleo' })).toHaveLength(1);
  });
});

describe('stores', () => {
  const register = (...stores: [storeId: string, timeZone: string][]) =>
    issuance.ask('register-stores', { stores: stores.map(([storeId, timeZone]) => ({ storeId, timeZone })) });

  it('are registered once, and told of with a version that grows with each change', async () => {
    expect(await register(['s1', 'America/New_York'], ['s2', 'UTC'])).toEqual({ registered: 2 });
    expect(await register(['s1', 'America/New_York'], ['s2', 'UTC'])).toEqual({ registered: 0 });
    expect(await register(['s1', 'America/Chicago'], ['s2', 'UTC'])).toEqual({ registered: 1 });
    const events = await issuance.events(2);
    expect(events.map(({ body }) => body['stores'])).toEqual([
      [
        { storeId: 's1', timeZone: 'America/New_York', version: 1 },
        { storeId: 's2', timeZone: 'UTC', version: 1 },
      ],
      [{ storeId: 's1', timeZone: 'America/Chicago', version: 2 }],
    ]);
  });

  it.each(['Mars/Olympus', 'EST5', '+05:00', ''])('are refused with the time zone "%s"', async (timeZone) => {
    expect(await register(['s3', timeZone])).toMatchObject({
      code: 'invalid-request',
      errors: [{ field: 'stores[0].timeZone' }],
    });
  });
});

it('keeps every change of every offer in the trail', async () => {
  const offers = `SELECT version, (SELECT count(*)::int FROM audit_entry WHERE subject = 'offer:' || offer_id) AS entries FROM offer`;
  const changes = (await issuance.rows(offers)) as { version: number; entries: number }[];
  expect(Math.max(...changes.map(({ version }) => version))).toBeGreaterThan(7);
  expect(changes.filter(({ version, entries }) => version !== entries)).toEqual([]);
});
