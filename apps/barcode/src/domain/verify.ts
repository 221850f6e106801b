import type { ScanReason } from '@couplet/contracts';
import type { ScannedContent } from './code-content.ts';
import { issueStampS, type IssuedCode } from './issued-code.ts';
import { isInWindow } from './rotation.ts';

/** Clocks of phone, store and server may differ by so much. */
const CLOCKS_APART_MS = 60_000;

/** The issued code that a scanned one claims to be. */
export interface FoundCode {
  code: IssuedCode;
  /** Whether the scanned secret is the one that the generator makes of what is stored. */
  sameSecret: boolean;
  /** Uses made of it, or of the scanned step of it. */
  used: boolean;
  /** Of a typed code. */
  typedUntil?: Date | undefined;
}

/**
 * The issued code is compared first, then the time stamps (seed 003, claims 12 and 13), then where and when it was
 * scanned (claim 16), then what happened to it since.
 *
 * @returns why it is not valid; undefined when it is
 */
export function verify(
  scanned: ScannedContent,
  { code, sameSecret, used, typedUntil }: FoundCode,
  { storeId, scannedAtMs }: { storeId: string; scannedAtMs: number },
): ScanReason | undefined {
  if (!sameSecret) return 'code-differs';
  const stampFault = checkStamp(scanned, code, scannedAtMs);
  if (stampFault) return stampFault;
  if (typedUntil && scannedAtMs >= typedUntil.getTime()) return 'expired';
  if (code.storeIds && !code.storeIds.includes(storeId)) return 'wrong-store';
  if (scannedAtMs < code.issuedAt.getTime() - CLOCKS_APART_MS) return 'not-yet-issued';
  if (scannedAtMs >= code.expiresAt.getTime()) return 'expired';
  if (code.revokedAt && scannedAtMs >= code.revokedAt.getTime()) return 'revoked';
  return used ? 'already-used' : undefined;
}

function checkStamp(scanned: ScannedContent, code: IssuedCode, scannedAtMs: number): ScanReason | undefined {
  switch (scanned.kind) {
    case 'single-use':
      return scanned.stampS === issueStampS(code) ? undefined : 'time-stamp-differs';
    case 'rotating':
      return isInWindow(scanned.stampS, scannedAtMs) ? undefined : 'step-elapsed';
    case 'typed':
    case 'gs1':
      return undefined;
  }
}

/** What a use of it is counted by: one use of a single-use code, one of each step of a rotating one. */
export function stepOf(scanned: ScannedContent): number {
  return scanned.kind === 'rotating' ? scanned.stampS : 0;
}
