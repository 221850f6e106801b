import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { type Couplet, createCouplet } from '@couplet/client';
import { startTopology } from '../src/topology/start-topology.ts';
import { until } from './until.ts';

const DAY_MS = 86_400_000;
export const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();
export const PRODUCT = 'cereal';
export const CARD = '4111111111111111';
const POINTS = { kind: 'point-card', scheme: 'grocer', id: '2261' } as const;

/** No deadline decides here, however slow the machine: what ends is what was answered. */
const PATIENT = {
  SEARCH_DEADLINE_MS: '20000',
  ATTEMPT_DEADLINE_MS: '40000',
  RESERVATION_DEADLINE_MS: '60000',
};
const SCOPES = {
  ada: { scopes: ['marketing'] },
  grace: { scopes: ['marketing'] },
  telecom: { scopes: ['enrolment'] },
  'store-309': { scopes: ['store'], storeId: '309', relay: 'sim' },
  'store-310': { scopes: ['store'], storeId: '310', relay: 'sim' },
};
type Name = keyof typeof SCOPES;
type Clients = Record<Name, Couplet>;

/** The whole system with one live offer and two holders, met and made with nothing but its typed HTTP client. */
export async function startHttpSystem() {
  const names = Object.keys(SCOPES) as Name[];
  const keys = new Map(names.map((name) => [name, newKey()]));
  const registered = names.map((clientId) => ({
    clientId,
    ...SCOPES[clientId],
    keys: [keys.get(clientId)!.publicKey],
  }));
  const settings = { 'settlement-relay': PATIENT, gateway: { CLIENTS: JSON.stringify(registered) } };
  const topology = await startTopology({ durable: false, settings });
  const baseUrl = topology.gatewayUrl;
  const client = Object.fromEntries(
    names.map((clientId) => {
      const credentials = { clientId, privateKey: keys.get(clientId)!.privateKey };
      return [clientId, createCouplet({ baseUrl, credentials })];
    }),
  ) as Clients;
  try {
    const offerId = await liveOffer(client);
    const [annId, bobId] = [randomUUID(), randomUUID()];
    await registerHolders(client, annId, bobId);
    const signIn = (holderId: string) => signedIn(client, baseUrl, holderId);
    const [ann, bob] = [await signIn(annId), await signIn(bobId)];
    return {
      client,
      ann,
      bob,
      offerId,
      /** One coupon of the live offer. */
      acquire: (holder: Couplet) => acquire(holder, offerId),
      drafted: () => drafted(client),
      stop: () => topology.stop(),
    };
  } catch (error) {
    await topology.stop();
    throw error;
  }
}
export type HttpSystem = Awaited<ReturnType<typeof startHttpSystem>>;

/** Tried again until the registry has heard of the offer. @returns the coupon */
async function acquire(holder: Couplet, offerId: string): Promise<string> {
  const body = { channel: 'mobile' as const, acquiredAt: at(0), offerIds: [offerId] };
  const params = { header: { 'Idempotency-Key': randomUUID() } };
  let couponId: string | undefined;
  await until(async () => {
    const { data } = await holder.POST('/v1/me/coupons', { params, body });
    couponId = data?.coupons[0]?.couponId;
    return couponId !== undefined;
  });
  return couponId!;
}

async function liveOffer(client: Clients): Promise<string> {
  const { ada, grace } = client;
  const parties = [{ party: 'manufacturer:36200', kind: 'manufacturer' as const, title: 'Manufacturer' }];
  await ada.PUT('/v1/funding-parties', { body: { parties } });
  const empty = { department: '', brand: '', category: '', type: '', packageSize: '' };
  const products = [{ productId: PRODUCT, manufacturer: '36200', ...empty }];
  await ada.PUT('/v1/products', { body: { products } });
  const offerId = await drafted(client);
  const body = { offerIds: [offerId] };
  await ada.PUT('/v1/offer-submissions', { body });
  succeed(await grace.PUT('/v1/offer-approvals', { body }));
  return offerId;
}

async function drafted(client: Clients): Promise<string> {
  const [campaignId, offerId] = [randomUUID(), randomUUID()];
  await client.ada.PUT('/v1/campaigns', {
    body: { campaigns: [{ campaignId, title: 'Autumn', startsAt: at(-DAY_MS), endsAt: at(DAY_MS) }] },
  });
  const drafting = await client.ada.PUT('/v1/offers', {
    body: {
      offers: [
        {
          offerId,
          campaignId,
          title: '1.00 off cereal',
          terms: {
            currency: 'USD',
            requires: [{ productIds: [PRODUCT], quantity: 1 }],
            reward: { kind: 'amount-off', amount: 100 },
            funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
          },
          conditions: { purposes: ['purchase'], validFrom: at(-DAY_MS), validTo: at(DAY_MS) },
        },
      ],
    },
  });
  succeed(drafting);
  return offerId;
}

async function registerHolders({ telecom }: Clients, annId: string, bobId: string): Promise<void> {
  const registering = await telecom.PUT('/v1/holders', {
    body: {
      holders: [
        {
          holderId: annId,
          attributes: { age_band: '35-44' },
          media: [{ kind: 'credit-card', id: CARD }, POINTS],
        },
        { holderId: bobId, attributes: {}, media: [] },
      ],
    },
  });
  succeed(registering);
}

async function signedIn({ telecom }: Clients, baseUrl: string, holderId: string): Promise<Couplet> {
  const { data } = await telecom.POST('/v1/sign-in-codes', { body: { holderId } });
  const holder = createCouplet({ baseUrl, keepSession: true });
  await holder.POST('/v1/session', { body: { code: data!.code } });
  return holder;
}

function succeed({ error }: { error?: unknown }): void {
  if (error) throw new Error(JSON.stringify(error));
}

function newKey() {
  const pair = generateKeyPairSync('ed25519');
  return {
    publicKey: { ...pair.publicKey.export({ format: 'jwk' }), alg: 'EdDSA' },
    privateKey: { ...pair.privateKey.export({ format: 'jwk' }), alg: 'EdDSA' },
  };
}
