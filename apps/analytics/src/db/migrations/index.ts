import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateUsageFacts1767225700000 } from './1767225700000-create-usage-facts.ts';

export const MIGRATIONS = [CreateOutboxTables1767225600001, CreateUsageFacts1767225700000];
