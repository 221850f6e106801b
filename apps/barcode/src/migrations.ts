import { CreateOutboxTables1767225600001 } from '@couplet/outbox';
import { CreateBarcode1767225600100 } from './db/migrations/1767225600100-create-barcode.ts';

export const MIGRATIONS = [CreateOutboxTables1767225600001, CreateBarcode1767225600100];
