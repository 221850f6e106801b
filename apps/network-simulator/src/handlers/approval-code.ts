import { randomInt } from 'node:crypto';

/** Six digits, as issuers give them (ISO 8583 data element 38). */
export function newApprovalCode(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}
