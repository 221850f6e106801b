import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateRegistry1767225600100 } from './db/migrations/1767225600100-create-registry.ts';

export const MIGRATIONS = [CreateOutboxTables1767225600001, CreateRegistry1767225600100];
