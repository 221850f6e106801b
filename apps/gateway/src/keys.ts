import { createHmac, hkdfSync } from 'node:crypto';

/** What a key is used for; each purpose has a key of its own, derived from it. */
export type KeyPurpose = 'access-token' | 'session' | 'sign-in-code' | 'cursor';

interface Key {
  readonly kid: string;
  readonly of: ReadonlyMap<KeyPurpose, Uint8Array>;
}

const PURPOSES: readonly KeyPurpose[] = ['access-token', 'session', 'sign-in-code', 'cursor'];

/** The gateway's secret, and those it is about to forget. Prints nothing. */
export class GatewayKeys {
  readonly #keys: readonly Key[];

  private constructor(keys: readonly Key[]) {
    this.#keys = keys;
  }

  /**
   * @param text lines of `<key id>:<base64 of 32 bytes>`, the newest first
   * @throws RangeError if it is not that; the message never repeats the text
   */
  static parse(text: string): GatewayKeys {
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    if (lines.length === 0) throw new RangeError('there is no key');
    return new GatewayKeys(lines.map(keyOf));
  }

  get newest(): string {
    return this.#keys[0]!.kid;
  }

  /** @returns undefined for a key that was never there, or is gone */
  secret(purpose: KeyPurpose, kid: string): Uint8Array | undefined {
    return this.#keys.find((key) => key.kid === kid)?.of.get(purpose);
  }

  /** Keyed hash by the newest key. */
  sign(purpose: KeyPurpose, text: string): string {
    return hash(this.#keys[0]!.of.get(purpose)!, text);
  }

  /** The same by every key: one of them made what is looked for. */
  signatures(purpose: KeyPurpose, text: string): string[] {
    return this.#keys.map((key) => hash(key.of.get(purpose)!, text));
  }
}

function keyOf(line: string): Key {
  const [, kid, secret] = /^([a-z0-9-]{1,16}):([A-Za-z0-9+/_-]{43}=?)$/.exec(line.trim()) ?? [];
  if (!kid || !secret) throw new RangeError('a key reads <key id>:<base64 of 32 bytes>');
  const bytes = Buffer.from(secret, 'base64');
  const derive = (purpose: KeyPurpose) =>
    [purpose, new Uint8Array(hkdfSync('sha256', bytes, '', `couplet gateway ${purpose}`, 32))] as const;
  return { kid, of: new Map(PURPOSES.map(derive)) };
}

function hash(secret: Uint8Array, text: string): string {
  return createHmac('sha256', secret).update(text).digest('base64url');
}
