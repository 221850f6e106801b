import { EntitySchema } from 'typeorm';

const id = { type: 'uuid', primary: true };
const text = { type: 'text' };
const amount = { type: 'int' };
const at = { type: 'timestamptz' };
const schema = 'baseline';

export const Medium = new EntitySchema({
  name: 'Medium',
  schema,
  columns: { token: { ...text, primary: true }, holderId: { type: 'uuid' } },
});

export const Coupon = new EntitySchema({
  name: 'Coupon',
  schema,
  columns: { couponId: id, holderId: { type: 'uuid' }, offerId: { type: 'uuid' }, usesLeft: { type: 'int' } },
  indices: [{ columns: ['holderId'] }],
});

export const Attempt = new EntitySchema({
  name: 'Attempt',
  schema,
  columns: {
    settlementId: id,
    attemptId: { type: 'uuid', unique: true },
    state: text,
    request: { type: 'jsonb' },
    price: amount,
    granted: { ...amount, nullable: true },
    coupons: { type: 'jsonb', nullable: true },
    changedAt: at,
  },
});

export const Authorization = new EntitySchema({
  name: 'Authorization',
  schema,
  columns: { authorizationId: id, settlementId: { type: 'uuid' }, state: text, held: amount, expiresAt: at },
  indices: [{ columns: ['settlementId'] }],
});

export const Reservation = new EntitySchema({
  name: 'Reservation',
  schema,
  columns: { settlementId: id, couponId: { type: 'uuid' }, state: text, discount: amount },
});

export const Event = new EntitySchema({
  name: 'Event',
  schema,
  columns: { id, subject: text, payload: { type: 'jsonb' }, at, publishedAt: { ...at, nullable: true } },
});
