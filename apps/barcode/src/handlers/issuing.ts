import type { IssueCodeV1, SymbolRequest } from '@couplet/contracts';
import { ProblemError } from '@couplet/contracts';
import type { DrawingPool } from '@couplet/symbol';
import type { z } from 'zod';
import type { Registry } from '../clients/registry.ts';
import type { CodeGenerator } from '../codes/generator.ts';
import type { IssuedCodes } from '../db/issued-codes.ts';
import { writeContent } from '../domain/code-content.ts';
import { gs1CouponOf, offerCodeOf } from '../domain/gs1-coupon.ts';
import type { IssuedCode } from '../domain/issued-code.ts';

type IssueRequest = z.output<typeof IssueCodeV1.request>;
export type NewCode = Omit<IssueRequest, 'symbol'> & { symbology: SymbolRequest['symbology'] };
type HeldCoupon = Awaited<ReturnType<Registry['findHeld']>>['coupons'][number];

export interface IssuingDeps {
  registry: Registry;
  codes: IssuedCodes;
  generator: CodeGenerator;
  drawing: DrawingPool;
  now(): Date;
  typedCodeForMs: number;
}

const COUPONS_MAX = 16;

/**
 * Makes a bar code of holder, coupons and combination, and keeps it in the store of issued ones. A repeat gets the first
 * one, even when its coupons are used by now.
 *
 * @throws ProblemError `not-found` for coupons or products that the holder has no use of, `attempt-conflict` for a codeId
 *   used before, `invalid-request` where the code cannot be what is asked for
 */
export async function issue(asked: NewCode, deps: IssuingDeps): Promise<IssuedCode> {
  const { codes, generator } = deps;
  // A code is made of its ids, so of ids as the store of issued codes will write them.
  const request = { ...asked, codeId: asked.codeId.toLowerCase(), holderId: asked.holderId.toLowerCase() };
  const { symbology, ...body } = request;
  const fingerprint = generator.fingerprint(
    'issue',
    JSON.stringify(Object.entries({ ...body, gs1: isGs1(symbology) }).toSorted()),
  );
  if (await codes.get(request.codeId)) return repeated(request.codeId, fingerprint, codes);

  const coupons = await couponsOf(request, deps);
  const code = await newCode(request, coupons, deps);
  const codeHash = generator.hash(generator.contentOf(code, code.issuedAt.getTime()));
  return (
    (await codes.add({ code, codeHash, request: fingerprint })) ??
    repeated(request.codeId, fingerprint, codes)
  );
}

async function repeated(codeId: string, fingerprint: Buffer, codes: IssuedCodes): Promise<IssuedCode> {
  const code = await codes.ofRequest(codeId, fingerprint);
  if (!code) throw new ProblemError('attempt-conflict', `code ${codeId} was made with another body`);
  return code;
}

async function couponsOf(
  { holderId, couponIds, productIds }: NewCode,
  { registry, now }: IssuingDeps,
): Promise<HeldCoupon[]> {
  const { coupons } = await registry.findHeld({
    ...{ holderId, couponIds, productIds },
    at: now().toISOString(),
    purpose: 'purchase',
    limit: 200,
  });
  const held = new Set(coupons.map(({ couponId }) => couponId));
  refuseMissing('couponIds', couponIds ?? [], (couponId) => held.has(couponId));
  const covered = new Set(coupons.flatMap((coupon) => coupon.productIds));
  refuseMissing('productIds', productIds ?? [], (productId) => covered.has(productId));
  if (new Set(coupons.map(({ currency }) => currency)).size > 1) {
    throw invalid('couponIds', 'coupons of one code are in one currency');
  }
  return coupons.slice(0, COUPONS_MAX);
}

function refuseMissing(field: string, ids: readonly string[], isThere: (id: string) => boolean): void {
  const errors = ids.flatMap((id, index) =>
    isThere(id) ? [] : [{ field: `${field}[${index}]`, detail: 'the holder has no usable coupon of it' }],
  );
  if (errors.length > 0) {
    throw new ProblemError('not-found', `${errors.length} of ${field} cannot be used by the holder`, errors);
  }
}

async function newCode(
  { codeId, holderId, productIds, storeIds, mode, expiresAt: wanted, symbology }: NewCode,
  coupons: readonly HeldCoupon[],
  { registry, generator, now }: IssuingDeps,
): Promise<IssuedCode> {
  const issuedAt = now();
  const end = Math.min(
    ...[wanted, ...coupons.map(({ validTo }) => validTo)].flatMap((t) => (t ? [Date.parse(t)] : [])),
  );
  const expiresAt = new Date(end);
  if (expiresAt <= issuedAt) throw invalid('expiresAt', 'is past');
  const gs1 = isGs1(symbology) ? await gs1Coupon(coupons, mode, expiresAt, registry) : undefined;
  return {
    ...{ codeId, holderId, mode, productIds, storeIds, issuedAt, expiresAt, gs1 },
    keyId: generator.keyId,
    currency: coupons[0]!.currency,
    coupons: coupons.map(({ couponId, offerId, title, validTo }) => ({ couponId, offerId, title, validTo })),
  };
}

async function gs1Coupon(
  coupons: readonly HeldCoupon[],
  mode: NewCode['mode'],
  expiresAt: Date,
  registry: Registry,
): Promise<string> {
  const [coupon] = coupons;
  if (coupons.length !== 1 || !coupon || mode !== 'single-use') {
    throw invalid('symbol.symbology', 'GS1 DataBar holds one coupon, for a single use');
  }
  const { terms } = await registry.describe(coupon.offerId);
  const data = gs1CouponOf(terms, offerCodeOf(coupon.offerId), expiresAt);
  if (!data) throw invalid('symbol.symbology', 'AI (8110) cannot say what this offer promises');
  return data;
}

/** The content of the code, checked against the symbology it is to be drawn in. */
export function contentFor(
  code: IssuedCode,
  symbology: SymbolRequest['symbology'],
  { generator, now }: Pick<IssuingDeps, 'generator' | 'now'>,
): string {
  if ((code.gs1 !== undefined) !== isGs1(symbology)) {
    throw invalid('symbol.symbology', code.gs1 ? 'this code is GS1 DataBar' : 'this code is not GS1 DataBar');
  }
  return writeContent(generator.contentOf(code, now().getTime()));
}

function isGs1(symbology: SymbolRequest['symbology']): boolean {
  return symbology === 'gs1-databar-coupon';
}

export function invalid(field: string, detail: string): ProblemError {
  return new ProblemError('invalid-request', `${field}: ${detail}`, [{ field, detail }]);
}
