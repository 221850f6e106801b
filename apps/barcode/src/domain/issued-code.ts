import type { CodeCoupon, CodeMode } from '@couplet/contracts';

/** A bar code as it is in the store of issued bar codes (seed 003, claim 5). */
export interface IssuedCode {
  codeId: string;
  keyId: string;
  holderId: string;
  mode: CodeMode;
  coupons: readonly CodeCoupon[];
  currency: string;
  /** Data of AI (8110) without its serial number; such a code is a single-use one. */
  gs1?: string | undefined;
  /** The combination; absent: whatever the coupons are for. */
  productIds?: readonly string[] | undefined;
  /** Absent: every store. */
  storeIds?: readonly string[] | undefined;
  issuedAt: Date;
  expiresAt: Date;
  revokedAt?: Date | undefined;
}

/** What a code is generated from: user, coupons, combination, where and when (seed 003, claims 2, 3, 66, 67). */
export function factsOf(code: IssuedCode): string {
  const { codeId, holderId, mode, coupons, gs1, productIds, storeIds, issuedAt, expiresAt } = code;
  return JSON.stringify([
    codeId,
    holderId,
    mode,
    coupons.map(({ couponId, offerId }) => [couponId, offerId]),
    gs1 ?? null,
    productIds?.toSorted() ?? null,
    storeIds?.toSorted() ?? null,
    issuedAt.toISOString(),
    expiresAt.toISOString(),
  ]);
}

/** Seconds since the epoch; the time stamp of a single-use code. */
export function issueStampS({ issuedAt }: IssuedCode): number {
  return Math.floor(issuedAt.getTime() / 1000);
}
