import type pg from 'pg';
import type { IssuedCode } from '../domain/issued-code.ts';
import { Gatherer } from './gatherer.ts';

interface CodeRow {
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

/** A code as found by what was scanned. */
export interface FoundRow {
  code: IssuedCode;
  used: boolean;
  typedUntil?: Date | undefined;
}

interface Lookup {
  hash: Buffer;
  step: number;
}

const COLUMNS = `code_id, key_id, holder_id, mode, request, coupons, currency, gs1, product_ids, store_ids,
  issued_at, expires_at, revoked_at`;

/** The store of issued bar codes (seed 003, claim 5). */
export class IssuedCodes {
  private readonly lookups: Gatherer<Lookup, FoundRow | undefined>;

  constructor(private readonly pool: pg.Pool) {
    this.lookups = new Gatherer((wanted) => this.findAll(wanted), { batchMax: 64, atOnce: 2 });
  }

  /**
   * Keeps a new code; a repeat finds the one that is there.
   *
   * @param request keyed hash of the body that asked for it
   * @returns undefined if the codeId was used for another body
   */
  async add(code: IssuedCode, codeHash: Buffer, request: Buffer): Promise<IssuedCode | undefined> {
    await this.pool.query({
      name: 'barcode.add-code',
      text: `INSERT INTO issued_code (code_id, code_hash, key_id, holder_id, mode, request, coupons, currency, gs1,
               product_ids, store_ids, issued_at, expires_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (code_id) DO NOTHING`,
      values: [
        code.codeId,
        codeHash,
        code.keyId,
        code.holderId,
        code.mode,
        request,
        JSON.stringify(code.coupons),
        code.currency,
        code.gs1,
        code.productIds,
        code.storeIds,
        code.issuedAt,
        code.expiresAt,
      ],
    });
    return this.ofRequest(code.codeId, request);
  }

  /** The code that the same body asked for before; `conflict` if another body did. */
  async ofRequest(codeId: string, request: Buffer): Promise<IssuedCode | undefined> {
    const row = await this.row(codeId);
    return row && row.request.equals(request) ? codeOf(row) : undefined;
  }

  async get(codeId: string): Promise<IssuedCode | undefined> {
    const row = await this.row(codeId);
    return row && codeOf(row);
  }

  /** @returns when it was revoked first; undefined if the holder has no such code */
  async revoke(codeId: string, holderId: string, at: Date): Promise<Date | undefined> {
    const { rows } = await this.pool.query<{ revoked_at: Date }>({
      name: 'barcode.revoke-code',
      text: `UPDATE issued_code SET revoked_at = coalesce(revoked_at, $3)
             WHERE code_id = $1 AND holder_id = $2 RETURNING revoked_at`,
      values: [codeId, holderId, at],
    });
    return rows[0]?.revoked_at;
  }

  /** Gives a code another typed one; the one before is void. */
  async putTyped(codeId: string, typedHash: Buffer, expiresAt: Date): Promise<void> {
    await this.pool.query({
      name: 'barcode.put-typed',
      text: `INSERT INTO typed_code (code_id, typed_hash, expires_at) VALUES ($1, $2, $3)
             ON CONFLICT (code_id) DO UPDATE SET typed_hash = excluded.typed_hash, expires_at = excluded.expires_at`,
      values: [codeId, typedHash, expiresAt],
    });
  }

  /** By the hash of what was scanned or typed; `used` is of that step. */
  find(hash: Buffer, step: number): Promise<FoundRow | undefined> {
    return this.lookups.add({ hash, step });
  }

  private async row(codeId: string): Promise<CodeRow | undefined> {
    const { rows } = await this.pool.query<CodeRow>({
      name: 'barcode.code',
      text: `SELECT ${COLUMNS} FROM issued_code WHERE code_id = $1`,
      values: [codeId],
    });
    return rows[0];
  }

  private async findAll(wanted: Lookup[]): Promise<(FoundRow | undefined)[]> {
    const { rows } = await this.pool.query<
      CodeRow & { position: bigint; used: boolean; typed_until: Date | null }
    >({
      name: 'barcode.find-codes',
      text: `
        WITH wanted AS (
          SELECT * FROM unnest($1::bytea[], $2::int8[]) WITH ORDINALITY AS w (hash, step, position)
        ), found AS (
          SELECT w.position, w.step, c.code_id, NULL::timestamptz AS typed_until
          FROM wanted w JOIN issued_code c ON c.code_hash = w.hash
          UNION ALL
          SELECT w.position, w.step, t.code_id, t.expires_at FROM wanted w JOIN typed_code t ON t.typed_hash = w.hash
        )
        SELECT f.position, f.typed_until, ${COLUMNS},
               EXISTS (SELECT FROM code_use u WHERE u.code_id = f.code_id AND u.step = f.step) AS used
        FROM found f JOIN issued_code c USING (code_id)`,
      values: [wanted.map(({ hash }) => hash), wanted.map(({ step }) => step)],
    });
    const found = new Map(
      rows.map((row) => [
        Number(row.position) - 1,
        { code: codeOf(row), used: row.used, typedUntil: row.typed_until ?? undefined },
      ]),
    );
    return wanted.map((_, index) => found.get(index));
  }
}

function codeOf(row: CodeRow): IssuedCode {
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
