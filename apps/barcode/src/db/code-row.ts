import type { IssuedCode } from '../domain/issued-code.ts';

export interface CodeRow {
  code_id: string;
  key_id: string;
  holder_id: string;
  mode: IssuedCode['mode'];
  request: Buffer;
  coupons: IssuedCode['coupons'];
  currency: string;
  gs1: string | null;
  product_ids: string[] | null;
  store_ids: string[] | null;
  issued_at: Date;
  expires_at: Date;
  revoked_at: Date | null;
}

export const CODE_COLUMNS = `code_id, key_id, holder_id, mode, request, coupons, currency, gs1, product_ids, store_ids,
  issued_at, expires_at, revoked_at`;

export function codeOf(row: CodeRow): IssuedCode {
  return {
    codeId: row.code_id,
    keyId: row.key_id,
    holderId: row.holder_id,
    mode: row.mode,
    coupons: row.coupons,
    currency: row.currency,
    gs1: row.gs1 ?? undefined,
    productIds: row.product_ids ?? undefined,
    storeIds: row.store_ids ?? undefined,
    issuedAt: row.issued_at,
    expiresAt: row.expires_at,
    revokedAt: row.revoked_at ?? undefined,
  };
}

/** A code that is issued now, and a keyed hash by which it is found. */
export interface NewCode {
  code: IssuedCode;
  codeHash: Buffer;
  /** Keyed hash of the body that asked for it. */
  request: Buffer;
}

/** As JSON that PostgreSQL takes for a row of `issued_code`. */
export function jsonOf({ code, codeHash, request }: NewCode): object {
  return {
    code_id: code.codeId,
    code_hash: bytea(codeHash),
    key_id: code.keyId,
    holder_id: code.holderId,
    mode: code.mode,
    request: bytea(request),
    coupons: code.coupons,
    gs1: code.gs1,
    currency: code.currency,
    product_ids: code.productIds,
    store_ids: code.storeIds,
    issued_at: code.issuedAt,
    expires_at: code.expiresAt,
  };
}

function bytea(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
