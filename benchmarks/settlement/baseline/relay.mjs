/**
 * The settlement as an ORM's manual writes it: each step a TypeORM transaction that reads its rows with a lock, changes
 * them and saves them; one request at a time through the library's own `request()`. Same subjects, same card network,
 * same shape of reply. It leaves out what Couplet does besides: validation, expiry, limits, tokens, recovery, the second
 * leg, and publishing its events. All of that flatters it.
 */
import { randomUUID } from 'node:crypto';
import { AuthorizeV1, networkSubject } from '@couplet/contracts';
import { database } from './database.mjs';
import { Attempt, Authorization, Event } from './entities.mjs';
import { RESERVE_SUBJECT, SETTLE_SUBJECT } from './subjects.mjs';
import { serve } from './serve.mjs';

const AUTHORIZE = networkSubject(AuthorizeV1, 'sim');
const source = await database(process.env.DATABASE_URL);
const connection = await serve('settlement-relay', SETTLE_SUBJECT, settle);

async function settle(request) {
  const settlementId = randomUUID();
  const authorization = await begin(settlementId, request);
  const { storeId, terminalId, payment, amount, currency, presentedAt } = request;
  const [approval, found] = await Promise.all([
    ask(AUTHORIZE, {
      ...{
        authorizationId: authorization.authorizationId,
        settlementId,
        storeId,
        terminalId,
        payment,
        amount,
      },
      ...{ currency, presentedAt, expiresAt: authorization.expiresAt.toISOString() },
    }),
    ask(RESERVE_SUBJECT, { settlementId, media: request.media }),
  ]);
  return grant(settlementId, request, approval, found);
}

function begin(settlementId, request) {
  return source.transaction(async (manager) => {
    const { attemptId, amount } = request;
    const changedAt = new Date();
    const expiresAt = new Date(Date.now() + 10_000);
    await manager.save(Attempt, {
      settlementId,
      attemptId,
      state: 'started',
      request,
      price: amount,
      changedAt,
    });
    return manager.save(Authorization, {
      authorizationId: randomUUID(),
      settlementId,
      state: 'sending',
      held: amount,
      expiresAt,
    });
  });
}

function grant(settlementId, { attemptId, currency, amount: price }, approval, { discount, couponId }) {
  return source.transaction(async (manager) => {
    const attempt = await manager.findOneOrFail(Attempt, {
      where: { settlementId },
      lock: { mode: 'pessimistic_write' },
    });
    const authorization = await manager.findOneByOrFail(Authorization, { settlementId });
    const coupons = couponId ? [{ couponId, discount }] : [];
    const granted = price - discount;
    await manager.save(Attempt, { ...attempt, state: 'granted', granted, coupons, changedAt: new Date() });
    await manager.save(Authorization, { ...authorization, state: 'live' });
    const payload = { settlementId, attemptId, amount: granted, discount, coupons };
    await manager.save(Event, { id: randomUUID(), subject: 'settlement-granted', payload, at: new Date() });
    return { ...payload, outcome: approval.outcome, currency };
  });
}

async function ask(subject, body) {
  return (await connection.request(subject, JSON.stringify(body), { timeout: 30_000 })).json();
}
