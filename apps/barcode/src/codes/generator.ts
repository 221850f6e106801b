import { randomInt, timingSafeEqual } from 'node:crypto';
import { parseGs1Coupon8110, writeGs1Coupon8110 } from '@couplet/promotion';
import {
  type DrawnContent,
  type ScannedContent,
  SECRET_DIGITS,
  TYPED_DIGITS,
} from '../domain/code-content.ts';
import { factsOf, issueStampS, type IssuedCode } from '../domain/issued-code.ts';
import { stepStartS } from '../domain/rotation.ts';
import type { CodeKey, CodeKeys } from './code-keys.ts';
import { oneTimePassword } from './one-time-password.ts';

const SERIAL_DIGITS = 15;
const UINT_128 = 16;

/** Makes what is in a bar code out of what it is for and a key. Nothing of it is stored but a keyed hash. */
export class CodeGenerator {
  constructor(private readonly keys: CodeKeys) {}

  /** Key of codes that are issued now. */
  get keyId(): string {
    return this.keys.newest.keyId;
  }

  /** What the picture of a code shows at this time. */
  contentOf(code: IssuedCode, atMs: number): DrawnContent {
    const key = this.keys.of(code.keyId);
    if (code.gs1 !== undefined) return { kind: 'gs1', secret: gs1Of(key, code, code.gs1) };
    const secret = secretOf(key, code);
    if (code.mode === 'single-use') return { kind: 'single-use', secret, stampS: issueStampS(code) };
    const stampS = stepStartS(atMs);
    return { kind: 'rotating', secret, stampS, oneTime: oneTimeOf(key, code, stampS) };
  }

  /** By what a scanned code is found, under every key there is. */
  hashes({ secret }: ScannedContent): Buffer[] {
    return this.keys.all.map((key) => key.digest('find', secret));
  }

  /** By what a code that is issued now will be found. */
  hash({ secret }: ScannedContent): Buffer {
    return this.keys.newest.digest('find', secret);
  }

  /** Compares a scanned code with the issued one, which is made again for it; its time stamp apart (seed 003, claim 12). */
  isSame(scanned: ScannedContent, code: IssuedCode): boolean {
    if (scanned.kind === 'typed') return true; // It was found by its whole secret, and there is no more to it.
    const key = this.keys.of(code.keyId);
    switch (scanned.kind) {
      case 'gs1':
        return code.gs1 !== undefined && equal(scanned.secret, gs1Of(key, code, code.gs1));
      case 'single-use':
        return code.mode === 'single-use' && equal(scanned.secret, secretOf(key, code));
      case 'rotating':
        return (
          code.mode === 'rotating' &&
          equal(scanned.secret, secretOf(key, code)) &&
          equal(scanned.oneTime, oneTimeOf(key, code, scanned.stampS))
        );
    }
  }

  /** A new typed code, at random: it is short, so it must not follow from anything. */
  typed(): Extract<ScannedContent, { kind: 'typed' }> {
    const digits = Array.from({ length: TYPED_DIGITS }, () => randomInt(10));
    return { kind: 'typed', secret: digits.join('') };
  }

  /** Tells two bodies apart without keeping them. */
  fingerprint(purpose: string, text: string): Buffer {
    return this.keys.newest.digest(purpose, text);
  }
}

function secretOf(key: CodeKey, code: IssuedCode): string {
  return digitsOf(key.digest('secret', factsOf(code)).subarray(0, UINT_128), SECRET_DIGITS);
}

function oneTimeOf(key: CodeKey, code: IssuedCode, stampS: number): string {
  return oneTimePassword(key.digest('one-time', factsOf(code)), stampS - (stampS % 30));
}

/** GS1's grammar leaves 15 digits for a serial number: an authentication of 49 bits, guarded by the limit on guesses. */
function gs1Of(key: CodeKey, code: IssuedCode, data: string): string {
  const parsed = parseGs1Coupon8110(data);
  if ('error' in parsed) throw new Error(`code ${code.codeId} holds no GS1 coupon: ${parsed.error}`);
  const serial = digitsOf(key.digest('serial', factsOf(code)), SERIAL_DIGITS);
  return `8110${writeGs1Coupon8110({ ...parsed.coupon, serial })}`;
}

function digitsOf(bytes: Uint8Array, digits: number): string {
  const number = BigInt(`0x${Buffer.from(bytes).toString('hex')}`);
  return (number % 10n ** BigInt(digits)).toString().padStart(digits, '0');
}

function equal(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
