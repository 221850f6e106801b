import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateRegistry1767225600100 } from './db/migrations/1767225600100-create-registry.ts';
import { AddOfferLife1767225600110 } from './db/migrations/1767225600110-add-offer-life.ts';
import { AddReservationDecider1767225600120 } from './db/migrations/1767225600120-add-reservation-decider.ts';

export const MIGRATIONS = [
  CreateOutboxTables1767225600001,
  CreateRegistry1767225600100,
  AddOfferLife1767225600110,
  AddReservationDecider1767225600120,
];
