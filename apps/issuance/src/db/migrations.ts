import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateIssuance1767225600200 } from './migrations/1767225600200-create-issuance.ts';
import { AddOfferLife1767225600210 } from './migrations/1767225600210-add-offer-life.ts';

/** In order; run by `migrate.ts`, never when the service starts. */
export const MIGRATIONS = [
  CreateOutboxTables1767225600001,
  CreateIssuance1767225600200,
  AddOfferLife1767225600210,
];
