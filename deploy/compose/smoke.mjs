/**
 * One sale through the running topology of docker-compose.yml, by nothing but NATS and JSON: a coupon is issued, approved,
 * acquired, and takes its amount off a basket that relay `sim` settles. Fails when anything is not as it should be.
 *
 *   docker compose up -d && npm run compose:smoke
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@nats-io/transport-node';

const SERVICES = [
  'issuance',
  'medium-registry',
  'barcode',
  'settlement-relay',
  'analytics',
  'network-simulator',
];
const PATIENCE_MS = 60_000;
const DAY_MS = 86_400_000;
const PRICE = 386;
const DISCOUNT = 100;

const url = `nats://127.0.0.1:${process.env.COUPLET_NATS_PORT ?? 4222}`;
const operator = await connectAs('operator', '_INBOX_operator');
const till = await connectAs('sim', '_INBOX_relay.sim');
try {
  await untilServicesAnswer();
  await settleOneBasket();
} finally {
  await Promise.all([operator.close(), till.close()]);
}

async function settleOneBasket() {
  const now = Date.now();
  const at = (offsetMs) => new Date(now + offsetMs).toISOString();
  const [offerId, campaignId, holderId] = Array.from({ length: 3 }, () => randomUUID());
  const card = { kind: 'credit-card', id: testCard() };

  await ask('issuance.import-products', { products: [product('940996')] });
  await ask('issuance.register-funding-parties', {
    parties: [{ party: 'manufacturer:36200', kind: 'manufacturer', title: 'Manufacturer 36200' }],
  });
  await ask('issuance.create-campaigns', {
    createdBy: 'ann',
    campaigns: [{ campaignId, title: 'Smoke test', startsAt: at(-DAY_MS), endsAt: at(DAY_MS) }],
  });
  const terms = {
    currency: 'USD',
    requires: [{ productIds: ['940996'], quantity: 1 }],
    reward: { kind: 'amount-off', amount: DISCOUNT },
    funding: [{ party: 'manufacturer:36200', shareBps: 10_000 }],
  };
  const conditions = { purposes: ['purchase'], validFrom: at(-DAY_MS), validTo: at(DAY_MS) };
  await ask('issuance.draft-offers', {
    draftedBy: 'ann',
    offers: [{ offerId, campaignId, title: '$1.00 off', terms, conditions }],
  });
  await ask('issuance.submit-offers', { submittedBy: 'ann', offerIds: [offerId] });
  await ask('issuance.approve-offers', { approvedBy: 'bob', offerIds: [offerId] });
  await ask('medium-registry.register-holders', { holders: [{ holderId, attributes: {}, media: [card] }] });
  const { coupons } = await ask('medium-registry.acquire-coupons', {
    acquisitionId: randomUUID(),
    holderId,
    channel: 'web',
    acquiredAt: at(0),
    offerIds: [offerId],
  });

  const basketOf = (attemptId) => ({
    attemptId,
    storeId: '309',
    terminalId: '4',
    presentedAt: new Date().toISOString(),
    payment: card,
    purpose: 'purchase',
    currency: 'USD',
    amount: PRICE,
    lines: [
      { lineId: '1', productId: '940996', quantity: '2', unit: 'each', amount: PRICE, discountable: true },
    ],
  });
  const { basket, settled } = await settleInTime(basketOf);
  console.log(JSON.stringify(settled, null, 2));
  assert.equal(settled.outcome, 'approved');
  assert.deepEqual(
    [settled.originalAmount, settled.discount, settled.amount],
    [PRICE, DISCOUNT, PRICE - DISCOUNT],
  );
  assert.deepEqual(
    settled.coupons.map(({ couponId }) => couponId),
    [coupons[0].couponId],
  );
  assert.deepEqual(await settle(basket), settled, 'a repeat gets the stored answer');

  await until(
    'captured at the card network',
    () => capturedAmount(settled.settlementId),
    (amount) => amount === PRICE - DISCOUNT,
  );
  console.log(
    `approved and captured at ${PRICE - DISCOUNT} of ${PRICE} cents with coupon ${coupons[0].couponId}`,
  );
}

function product(productId) {
  return {
    productId,
    manufacturer: '36200',
    department: 'GROCERY',
    brand: 'National',
    category: 'SOUP',
    type: 'SOUP',
    packageSize: '10 OZ',
  };
}

/** 16 digits that pass Luhn, of a range that no card scheme issues. */
function testCard() {
  const payload = `999999${String(randomInt(1e9)).padStart(9, '0')}`;
  const sum = [...payload].reverse().reduce((total, digit, place) => {
    const weighted = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return payload + ((10 - (sum % 10)) % 10);
}

/** A sale does not wait for a search that is late, as the first after a start may be: then it is cancelled and made again. */
function settleInTime(basketOf) {
  return until(
    'a search in time',
    async () => {
      const basket = basketOf(randomUUID());
      const settled = await settle(basket);
      if (settled.discount === 0) {
        console.log(`coupon search: ${settled.couponSearch}; once more`);
        const { attemptId } = basket;
        await request(till, 'couplet.request.settlement-relay.cancel.v1.sim', { attemptId });
      }
      return { basket, settled };
    },
    ({ settled }) => settled.discount > 0,
  );
}

function settle(basket) {
  return request(till, 'couplet.request.settlement-relay.settle.v1.sim', basket);
}

async function capturedAmount(settlementId) {
  for (let after; ;) {
    const { authorizations } = await ask('network-simulator.recall', {
      ...(after && { after }),
      limit: 1_000,
    });
    const found = authorizations.find((authorization) => authorization.settlementId === settlementId);
    if (found || authorizations.length === 0) return found?.captured;
    after = authorizations.at(-1).authorizationId;
  }
}

/** Asks as the operator; what only time mends, such as an offer that the registry has not heard of yet, is asked again. */
function ask(verb, body) {
  return until(
    verb,
    () => request(operator, `couplet.request.${verb}.v1.operator`, body),
    (reply) => reply !== undefined,
  );
}

async function request(connection, subject, body) {
  const reply = await connection.request(subject, JSON.stringify(body), { timeout: 15_000 });
  if (!reply.headers?.get('Nats-Service-Error')) return reply.json();
  throw Object.assign(new Error(`${subject}: ${reply.string()}`), { problem: reply.json() });
}

async function untilServicesAnswer() {
  for (const service of SERVICES) {
    await until(
      `${service} is up`,
      async () => (await operator.request(`$SRV.PING.${service}`, '', { timeout: 2_000 })).json(),
      ({ name }) => name === service,
    );
  }
  console.log(`${SERVICES.length} services answer`);
  const gateway = `http://127.0.0.1:${process.env.COUPLET_HTTP_PORT ?? 8080}`;
  await until(
    'the gateway is ready',
    async () => (await fetch(`${gateway}/readyz`)).json(),
    ({ status }) => status === 'ready',
  );
  console.log(`the HTTP API is at ${gateway}/docs`);
}

async function until(what, attempt, accepted) {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(200)) {
    try {
      const result = await attempt();
      if (accepted(result)) return result;
      if (Date.now() > end) throw new Error(`${what}: ${JSON.stringify(result)}`);
    } catch (error) {
      if (Date.now() > end || isFinal(error)) throw error;
    }
  }
}

function connectAs(user, inboxPrefix) {
  const secret = `/secrets/clients/${user}.password`;
  const pass = execFileSync('docker', ['compose', 'run', '--rm', '-T', '--no-deps', 'setup', 'cat', secret], {
    cwd: new URL('../..', import.meta.url),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  }).trim();
  return connect({ servers: url, name: 'compose-smoke', user, pass, inboxPrefix });
}

/** `not-found` is not: events travel. Nor is silence: services start. */
function isFinal({ problem }) {
  return problem !== undefined && !problem.retryable && problem.code !== 'not-found';
}
