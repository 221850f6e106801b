import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';

/** One named secret. Prints nothing but its name. */
export class CodeKey {
  readonly #secret: KeyObject;

  constructor(
    readonly keyId: string,
    secret: Uint8Array,
  ) {
    if (secret.length !== 32) throw new RangeError(`code key ${keyId} has ${secret.length} bytes, not 32`);
    this.#secret = createSecretKey(secret);
  }

  /** HMAC-SHA-256. @param purpose keeps what one use gives away from every other use */
  digest(purpose: string, text: string): Buffer {
    return createHmac('sha256', this.#secret).update(`${purpose}\n${text}`).digest();
  }
}

/** The keys of bar codes: new codes take the first, older ones are known by all. */
export class CodeKeys {
  private constructor(private readonly keys: readonly [CodeKey, ...CodeKey[]]) {}

  /**
   * @param text `<key id>:<base64 of 32 bytes>`, one a line, the newest first
   * @throws RangeError if it is not that; the message never repeats the text
   */
  static load(text: string): CodeKeys {
    const keys = text.trim().split(/\s+/).map(readKey);
    return new CodeKeys(keys as [CodeKey, ...CodeKey[]]);
  }

  get newest(): CodeKey {
    return this.keys[0];
  }

  get all(): readonly CodeKey[] {
    return this.keys;
  }

  /** @throws Error if codes of that key are still live and it was taken away */
  of(keyId: string): CodeKey {
    const key = this.keys.find((known) => known.keyId === keyId);
    if (!key) throw new Error(`there is no code key ${keyId}`);
    return key;
  }
}

function readKey(line: string): CodeKey {
  const [, keyId, secret] = /^([a-z0-9-]{1,16}):([A-Za-z0-9+/_-]+={0,2})$/.exec(line) ?? [];
  if (!keyId || !secret) throw new RangeError('a code key reads <key id>:<base64 of 32 bytes>');
  return new CodeKey(keyId, Buffer.from(secret, 'base64'));
}
