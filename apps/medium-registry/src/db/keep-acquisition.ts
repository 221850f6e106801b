import { CouponsAcquiredV1 } from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import type pg from 'pg';
import { acquire, type AcquiredCoupon, type Acquisition } from './acquisitions.ts';

/** Acquires, and tells of it unless it is a repeat. @throws as `acquire` */
export async function keepAcquisition(
  client: pg.PoolClient,
  acquisition: Acquisition,
): Promise<AcquiredCoupon[]> {
  const { acquisitionId, holderId, channel, acquiredAt } = acquisition;
  const { coupons, isNew } = await acquire(client, acquisition);
  const payload = { acquisitionId, holderId, channel, acquiredAt, coupons };
  if (isNew) await appendEvents(client, [{ contract: CouponsAcquiredV1, payload }]);
  return coupons;
}
