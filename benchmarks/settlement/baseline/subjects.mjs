import { requestSubject, ReserveCouponsV1, SettleV1 } from '@couplet/contracts';

export const SETTLE_SUBJECT = requestSubject(SettleV1, 'sim');
export const RESERVE_SUBJECT = requestSubject(ReserveCouponsV1, 'settlement-relay');
