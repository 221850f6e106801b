import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** The named secret that tokens are made with. Prints nothing but its name. */
export class TokenKey {
  readonly #secret: KeyObject;

  /**
   * @param kid name of the key, first part of every token made with it
   * @param secret 32 random bytes
   */
  constructor(
    readonly kid: string,
    secret: Uint8Array,
  ) {
    if (!/^[a-z0-9-]{1,16}$/.test(kid)) {
      throw new RangeError('a token key is named by 1 to 16 lower-case letters, digits or hyphens');
    }
    if (secret.length !== 32) throw new RangeError(`token key ${kid} has ${secret.length} bytes, not 32`);
    this.#secret = createSecretKey(secret);
  }

  /** `<kid>:<43 base64url characters>` */
  sign(text: string): string {
    return `${this.kid}:${createHmac('sha256', this.#secret).update(text).digest('base64url')}`;
  }
}

/**
 * Reads what a token key file holds.
 *
 * @param text `<kid>:<base64 of 32 bytes>`, white space around it allowed
 * @throws RangeError if it is not that; the message never repeats the text
 */
export function loadTokenKey(text: string): TokenKey {
  const [, kid, secret] = /^([^:\s]+):([A-Za-z0-9+/_-]+={0,2})$/.exec(text.trim()) ?? [];
  if (!kid || !secret) throw new RangeError('a token key reads <key id>:<base64 of 32 bytes>');
  return new TokenKey(kid, Buffer.from(secret, 'base64'));
}
