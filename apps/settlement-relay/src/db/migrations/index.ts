import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateJournal1767225600100 } from './1767225600100-create-journal.ts';

export const MIGRATIONS = [CreateOutboxTables1767225600001, CreateJournal1767225600100];
