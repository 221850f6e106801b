import { randomUUID } from 'node:crypto';
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
const AT = '2017-01-10T12:00:00Z';

beforeAll(async () => {
  issuance = await startIssuance();
  await issuance.ask('import-products', { products: PRODUCTS });
  await issuance.ask('register-funding-parties', { parties: PARTIES });
  const campaign = aCampaign();
  campaignId = campaign.campaignId;
  await issuance.ask('create-campaigns', { createdBy: 'ann', campaigns: [campaign] });
}, 120_000);
afterAll(() => issuance.stop());

async function offerAfter(...acts: string[]): Promise<string> {
  const offer = anOffer(campaignId);
  const offerIds = [offer.offerId];
  await issuance.ask('draft-offers', { draftedBy: 'ann', offers: [offer] });
  await issuance.ask('submit-offers', { submittedBy: 'ann', offerIds });
  const by = { approve: 'approvedBy', pause: 'pausedBy', end: 'endedBy' } as Record<string, string>;
  for (const act of acts)
    await issuance.ask(`${act}-offers`, { [by[act]!]: 'cleo', reason: 'why', offerIds });
  return offer.offerId;
}

const generate = (offerId: string, over: Json = {}) =>
  issuance.ask('generate-codes', { batchId: randomUUID(), requestedBy: 'ann', offerId, count: 100, ...over });
const statusOf = (batchId: unknown) => issuance.ask('code-batch-status', { batchId });
const importCodes = (offerId: string, codes: string[], batchId: string = randomUUID()) =>
  issuance.ask('import-codes', { batchId, requestedBy: 'ann', offerId, codes });
const claim = (code: unknown, claimId: string = randomUUID(), at = AT) =>
  issuance.ask('claim-code', { claimId, code, at }, 'medium-registry');

async function finished(batchId: unknown): Promise<Json> {
  for (;;) {
    const status = await statusOf(batchId);
    if (status['state'] === 'done') return status;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function codesOf(batchId: unknown, limit = 10_000): Promise<string[]> {
  const codes: string[] = [];
  for (let more = true; more;) {
    const page = await issuance.ask('export-codes', {
      batchId,
      requestedBy: 'ann',
      limit,
      ...(codes.length > 0 && { after: codes.at(-1) }),
    });
    codes.push(...(page['codes'] as { code: string }[]).map(({ code }) => code));
    more = page['more'] as boolean;
  }
  return codes;
}

describe('codes are generated', () => {
  it('as many as asked, all different, of the shape asked, and their strength is stated', async () => {
    const request = { batchId: randomUUID(), count: 25_000, prefix: 'SPR' };
    const offerId = await offerAfter('approve');
    const started = await generate(offerId, request);
    expect(started).toMatchObject({
      state: 'running',
      count: 25_000,
      entropyBits: 50,
      guessesPerHit: '45035996273',
    });

    expect(await finished(request.batchId)).toMatchObject({ written: 25_000, claimed: 0 });
    const codes = await codesOf(request.batchId);
    expect(new Set(codes).size).toBe(25_000);
    expect(codes.filter((code) => !/^SPR[0-9A-HJKMNP-TV-Z]{10}$/.test(code))).toEqual([]);
    expect(await generate(offerId, request)).toMatchObject({ state: 'done', written: 25_000 });
    expect(await generate(offerId, { ...request, count: 1 })).toMatchObject({ code: 'conflict' });
  });

  it('to the end, also when the service ends on the way', async () => {
    const { batchId } = await generate(await offerAfter(), { count: 60_000 });
    await issuance.restart();
    const status = await statusOf(batchId);
    expect(status['state']).toBe('running');
    expect(await finished(batchId)).toMatchObject({ written: 60_000 });
    expect(
      await issuance.rows(`SELECT count(*)::int FROM offer_code WHERE batch_id = '${String(batchId)}'`),
    ).toEqual([{ count: 60_000 }]);
  });

  it('never so many that more than half of the codes of a shape are in use', async () => {
    const offerId = await offerAfter();
    const shape = { prefix: 'HAZE', length: 4, alphabet: 'digits' };
    const [first, second] = [
      await generate(offerId, { ...shape, count: 5_000 }),
      await generate(offerId, { ...shape, count: 1 }),
    ];
    expect(second).toMatchObject({
      code: 'conflict',
      detail:
        'of 10000 codes of this shape 5000 are in use; 1 more would be over half. Ask for longer codes.',
    });
    // The prefix is longer, and the codes are the same ones.
    expect(await generate(offerId, { ...shape, prefix: 'HAZE0', length: 4 })).toMatchObject({
      state: 'running',
    });
    expect(
      await generate(offerId, { prefix: 'HAZE', length: 5, alphabet: 'digits', count: 49_901 }),
    ).toMatchObject({
      code: 'conflict',
    });
    expect((await finished(first['batchId']))['written']).toBe(5_000);
  });

  it('for two requests at once, of which one fits', async () => {
    const offerId = await offerAfter();
    const answers = await Promise.all(
      [1, 2].map(() => generate(offerId, { prefix: 'RACE', length: 4, alphabet: 'digits', count: 3_000 })),
    );
    expect(answers.filter(({ state }) => state === 'running')).toHaveLength(1);
  });

  it.each([
    [{ prefix: 'OIL' }, 'prefix'],
    [{ length: 3 }, 'length'],
    [{ count: 0 }, 'count'],
    [{ alphabet: 'runes' }, 'alphabet'],
  ])('not for %j', async (over, field) => {
    expect(await generate(await offerAfter(), over)).toMatchObject({
      code: 'invalid-request',
      errors: [{ field }],
    });
  });

  it('not for an offer that has ended, or that there is none', async () => {
    expect(await generate(await offerAfter('approve', 'end'))).toMatchObject({ code: 'conflict' });
    expect(await generate(randomUUID())).toMatchObject({ code: 'not-found' });
    expect(await statusOf(randomUUID())).toMatchObject({ code: 'not-found' });
  });
});

describe('codes are imported', () => {
  it('as they were printed, and are found however they are typed', async () => {
    const offerId = await offerAfter('approve');
    const batchId = randomUUID();
    const codes = ['Oil-2017-a', 'bad!', 'SUN 1', 'oil2017a'];
    expect(await importCodes(offerId, codes, batchId)).toEqual({
      imported: 2,
      known: 1,
      refused: [{ index: 1, reason: 'malformed' }],
    });
    expect(await importCodes(offerId, codes, batchId)).toMatchObject({ imported: 0, known: 3 });
    expect(await importCodes(offerId, ['0112017A', 'NEW-1'])).toMatchObject({
      imported: 1,
      refused: [{ index: 0, reason: 'in-another-batch' }],
    });
    expect(await codesOf(batchId)).toEqual(['Oil-2017-a', 'SUN 1']);
    expect(await claim('0IL2O17A')).toEqual({ outcome: 'claimed', offerId });
    expect(await statusOf(batchId)).toMatchObject({ kind: 'imported', state: 'done', count: 2, claimed: 1 });
  });

  it('and leave generated ones less room', async () => {
    const offerId = await offerAfter();
    await importCodes(offerId, ['FAZE0000', 'FAZE0001']);
    const shape = { prefix: 'FAZE', length: 4, alphabet: 'digits' };
    expect(await generate(offerId, { ...shape, count: 4_999 })).toMatchObject({
      detail: expect.stringContaining('2 are in use'),
    });
    expect(await generate(offerId, { ...shape, count: 4_998 })).toMatchObject({ state: 'running' });
  });
});

describe('a code is claimed', () => {
  it('once: of fifty claims at the same time exactly one wins, and wins again when it repeats', async () => {
    const offerId = await offerAfter('approve');
    await importCodes(offerId, ['FIFTY-1']);
    const claimIds = Array.from({ length: 50 }, () => randomUUID());

    const answers = await Promise.all(claimIds.map((claimId) => claim('fifty1', claimId)));

    expect(answers.filter(({ outcome }) => outcome === 'claimed')).toHaveLength(1);
    expect(answers.filter(({ reason }) => reason === 'already-used')).toHaveLength(49);
    const again = await Promise.all(claimIds.map((claimId) => claim('FIFTY 1', claimId)));
    expect(again).toEqual(answers);
  });

  it.each([
    ['is not approved', [], AT],
    ['is paused', ['approve', 'pause'], AT],
    ['has ended', ['approve', 'end'], AT],
    ['is over', ['approve'], '2017-02-01T00:00:00Z'],
  ])('not while its offer %s', async (what, acts, at) => {
    const code = `NOTLIVE${what.replaceAll(' ', '')}`;
    const offerId = await offerAfter(...acts.slice(0, 1));
    await importCodes(offerId, [code]);
    for (const act of acts.slice(1)) {
      const by = act === 'pause' ? 'pausedBy' : 'endedBy';
      await issuance.ask(`${act}-offers`, { [by]: 'cleo', reason: 'why', offerIds: [offerId] });
    }
    expect(await claim(code, randomUUID(), at)).toEqual({ outcome: 'refused', reason: 'offer-not-live' });
  });

  it('by one claim only, which claims no other code', async () => {
    const offerId = await offerAfter('approve');
    await importCodes(offerId, ['TWO-A', 'TWO-B']);
    const claimId = randomUUID();
    expect(await claim('TWO-A', claimId)).toMatchObject({ outcome: 'claimed' });
    expect(await claim('TWO-B', claimId)).toMatchObject({ code: 'conflict' });
    expect(await claim('NOSUCHCODE')).toEqual({ outcome: 'refused', reason: 'no-such-code' });
  });

  it('by nobody but the registry', async () => {
    const asked = issuance.ask('claim-code', { claimId: randomUUID(), code: 'TWO-B', at: AT }, 'gateway');
    expect(await asked).toMatchObject({ code: 'caller-not-allowed' });
  });
});

it('keeps in the trail who brought which part of a file, and nothing of a repeat', async () => {
  const [offerId, batchId] = [await offerAfter(), randomUUID()];
  const bring = (requestedBy: string, ...codes: string[]) =>
    issuance.ask('import-codes', { batchId, requestedBy, offerId, codes });
  await bring('ann', 'PART-1', 'PART-2');
  await bring('bob', 'PART-2', 'PART-3');
  await bring('cleo', 'PART-1', 'PART-3');
  const { entries } = await issuance.ask('read-audit', { subject: `codes:${batchId}` });
  expect((entries as Json[]).map(({ actor, act, detail }) => [actor, act, detail])).toEqual([
    ['bob', 'import', { offerId, imported: 1 }],
    ['ann', 'import', { offerId, imported: 2 }],
  ]);
});

it('keeps in the trail who made and read codes, and no code', async () => {
  const offerId = await offerAfter();
  const { batchId } = await generate(offerId, { count: 3 });
  await finished(batchId);
  await codesOf(batchId, 1);
  const { entries } = await issuance.ask('read-audit', { subject: `codes:${batchId}` });
  expect((entries as Json[]).map(({ act, actor }) => [act, actor])).toEqual([
    ['export', 'ann'],
    ['generate', 'ann'],
  ]);
  const [code] = await codesOf(batchId);
  const dump =
    "SELECT (SELECT coalesce(json_agg(a)::text, '') FROM audit_entry a) || (SELECT coalesce(json_agg(o)::text, '') FROM outbox o) AS dump";
  expect((await issuance.rows(dump))[0]!['dump']).not.toContain(code);
});
