import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateIssuance1767225600200 } from './migrations/1767225600200-create-issuance.ts';

/** In order; run by `migrate.ts`, never when the service starts. */
export const MIGRATIONS = [CreateOutboxTables1767225600001, CreateIssuance1767225600200];
