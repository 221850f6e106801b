/** The coupon search and its reservation, in the same style as `relay.mjs`. */
import { createHash, randomUUID } from 'node:crypto';
import { MoreThan } from 'typeorm';
import { database } from './database.mjs';
import { Coupon, Event, Medium, Reservation } from './entities.mjs';
import { RESERVE_SUBJECT } from './subjects.mjs';
import { serve } from './serve.mjs';

const DISCOUNT = 100;
const source = await database(process.env.DATABASE_URL);
await serve('medium-registry', RESERVE_SUBJECT, reserve);

function reserve({ settlementId, media: [{ id }] }) {
  return source.transaction(async (manager) => {
    const token = createHash('sha256').update(id).digest('base64url');
    const medium = await manager.findOneBy(Medium, { token });
    const coupon =
      medium &&
      (await manager.findOne(Coupon, {
        where: { holderId: medium.holderId, usesLeft: MoreThan(0) },
        lock: { mode: 'pessimistic_write' },
      }));
    if (!coupon) return { discount: 0 };
    const { couponId, usesLeft } = coupon;
    await manager.save(Coupon, { ...coupon, usesLeft: usesLeft - 1 });
    await manager.save(Reservation, { settlementId, couponId, state: 'reserved', discount: DISCOUNT });
    const payload = { settlementId, couponId };
    await manager.save(Event, { id: randomUUID(), subject: 'coupons-searched', payload, at: new Date() });
    return { couponId, discount: DISCOUNT };
  });
}
