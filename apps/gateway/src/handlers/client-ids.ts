import { createHash } from 'node:crypto';
import { CLIENT_KEY, type ClientKey, HttpProblemError } from '@couplet/contracts';

/**
 * The id behind a client's key: a UUID of version 8 from a hash of who it belongs to, what it names, and the key. Nobody else's
 * key gives it, so there is no other's thing that a client could name; and it is the same after any restart.
 */
export function clientId(owner: string, of: ClientKey['of'], key: string): string {
  const bytes = createHash('sha256')
    .update(JSON.stringify(['couplet http 1', owner, of, key]))
    .digest();
  bytes[6] = (bytes[6]! & 0x0f) | 0x80;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
}

/**
 * The header as the draft writes it, in quotes, or bare as many send it.
 *
 * @throws HttpProblemError `idempotency-key-missing`
 * @see draft-ietf-httpapi-idempotency-key-header-07
 */
export function idempotencyKey(header: string | string[] | undefined): string {
  const text = typeof header === 'string' ? header.trim().replace(/^"(.*)"$/, '$1') : '';
  if (CLIENT_KEY.test(text)) return text;
  throw new HttpProblemError(
    'idempotency-key-missing',
    'send Idempotency-Key: 1 to 64 letters, digits, or any of . _ ~ -, new for every new thing and the same for a repeat',
  );
}
