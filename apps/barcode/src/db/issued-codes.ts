import { Gathered } from '@couplet/postgres';
import type pg from 'pg';
import type { IssuedCode } from '../domain/issued-code.ts';
import { CODE_COLUMNS, codeOf, type CodeRow, jsonOf, type NewCode } from './code-row.ts';

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

interface NewTyped {
  codeId: string;
  typedHash: Buffer;
  expiresAt: Date;
}

/** The store of issued bar codes (seed 003, claim 5). Those who ask at the same time share statements. */
export class IssuedCodes {
  private readonly lookups = new Gathered((wanted: readonly Lookup[]) => this.findAll(wanted));
  private readonly reads = new Gathered((codeIds: readonly string[]) => this.readAll(codeIds));
  private readonly newCodes = new Gathered((codes: readonly NewCode[]) => this.addAll(codes));
  private readonly newTyped = new Gathered((typed: readonly NewTyped[]) => this.putAllTyped(typed));

  constructor(private readonly pool: pg.Pool) {}

  /** Keeps a new code; a repeat finds the one that is there. @returns undefined if the codeId was used for another body */
  async add(added: NewCode): Promise<IssuedCode | undefined> {
    const isNew = await this.newCodes.do(added);
    return isNew ? added.code : this.ofRequest(added.code.codeId, added.request);
  }

  /** The code that the same body asked for before; undefined if another body did. */
  async ofRequest(codeId: string, request: Buffer): Promise<IssuedCode | undefined> {
    const row = await this.reads.do(codeId);
    return row && row.request.equals(request) ? codeOf(row) : undefined;
  }

  async get(codeId: string): Promise<IssuedCode | undefined> {
    const row = await this.reads.do(codeId);
    return row && codeOf(row);
  }

  /** @throws Error if there is none; codes are kept for ever */
  async known(codeId: string): Promise<IssuedCode> {
    const code = await this.get(codeId);
    if (!code) throw new Error(`there is no code ${codeId}`);
    return code;
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
  putTyped(codeId: string, typedHash: Buffer, expiresAt: Date): Promise<void> {
    return this.newTyped.do({ codeId, typedHash, expiresAt });
  }

  /** By the hash of what was scanned or typed; `used` is of that step. */
  find(hash: Buffer, step: number): Promise<FoundRow | undefined> {
    return this.lookups.do({ hash, step });
  }

  /** @returns whether each was not there before; of two with one id the first is kept */
  private async addAll(codes: readonly NewCode[]): Promise<boolean[]> {
    const { rows } = await this.pool.query<{ code_id: string }>({
      name: 'barcode.add-codes',
      text: `INSERT INTO issued_code SELECT * FROM jsonb_populate_recordset(NULL::issued_code, $1)
             ON CONFLICT (code_id) DO NOTHING RETURNING code_id`,
      values: [JSON.stringify(codes.map(jsonOf))],
    });
    const isNew = new Set(rows.map(({ code_id }) => code_id));
    return codes.map(({ code }) => isNew.delete(code.codeId));
  }

  private async putAllTyped(typed: readonly NewTyped[]): Promise<void[]> {
    const last = [...new Map(typed.map((one) => [one.codeId, one])).values()];
    await this.pool.query({
      name: 'barcode.put-typed',
      text: `INSERT INTO typed_code (code_id, typed_hash, expires_at)
             SELECT * FROM unnest($1::uuid[], $2::bytea[], $3::timestamptz[]) AS t (code_id, typed_hash, expires_at)
             ORDER BY code_id
             ON CONFLICT (code_id) DO UPDATE SET typed_hash = excluded.typed_hash, expires_at = excluded.expires_at`,
      values: [
        last.map(({ codeId }) => codeId),
        last.map(({ typedHash }) => typedHash),
        last.map(({ expiresAt }) => expiresAt),
      ],
    });
    return typed.map(() => undefined);
  }

  private async readAll(codeIds: readonly string[]): Promise<(CodeRow | undefined)[]> {
    const { rows } = await this.pool.query<CodeRow>({
      name: 'barcode.codes',
      text: `SELECT ${CODE_COLUMNS} FROM issued_code WHERE code_id = ANY ($1::uuid[])`,
      values: [codeIds],
    });
    const byId = new Map(rows.map((row) => [row.code_id, row]));
    return codeIds.map((codeId) => byId.get(codeId.toLowerCase())); // So PostgreSQL writes ids.
  }

  private async findAll(wanted: readonly Lookup[]): Promise<(FoundRow | undefined)[]> {
    const { rows } = await this.pool.query<
      CodeRow & { position: bigint; used: boolean; typed_until: Date | null }
    >({
      name: 'barcode.find-codes',
      // Counted by key: EXISTS, planned while no code was used, would make a list of all that were since.
      text: `
        WITH wanted AS (
          SELECT * FROM unnest($1::bytea[], $2::int8[]) WITH ORDINALITY AS w (hash, step, position)
        ), found AS (
          SELECT w.position, w.step, c.code_id, NULL::timestamptz AS typed_until
          FROM wanted w JOIN issued_code c ON c.code_hash = w.hash AND c.code_hash = ANY ($1)
          UNION ALL
          SELECT w.position, w.step, t.code_id, t.expires_at
          FROM wanted w JOIN typed_code t ON t.typed_hash = w.hash AND t.typed_hash = ANY ($1)
        )
        SELECT f.position, f.typed_until, ${CODE_COLUMNS},
               (SELECT count(*) FROM code_use u WHERE u.code_id = f.code_id AND u.step = f.step) = 1 AS used
        FROM found f JOIN issued_code c USING (code_id) WHERE c.code_id = ANY (ARRAY (SELECT code_id FROM found))`,
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
