import { createHmac } from 'node:crypto';
import { ONE_TIME_DIGITS } from '../domain/code-content.ts';
import { STEP_S } from '../domain/rotation.ts';

/**
 * TOTP with HMAC-SHA-256 and eight digits.
 *
 * @param stampS second at which the step began
 * @see RFC 6238, section 4.2; RFC 4226, section 5.3 for the truncation
 */
export function oneTimePassword(secret: Uint8Array, stampS: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(stampS / STEP_S));
  const hash = createHmac('sha256', secret).update(counter).digest();
  const offset = hash.at(-1)! & 0xf;
  const truncated = hash.readUInt32BE(offset) & 0x7fff_ffff;
  return String(truncated % 10 ** ONE_TIME_DIGITS).padStart(ONE_TIME_DIGITS, '0');
}
