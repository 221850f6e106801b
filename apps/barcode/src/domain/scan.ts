import type {
  AppliedCoupon,
  JudgedLine,
  ReserveCouponsV1,
  ScanReason,
  ScanRequest,
} from '@couplet/contracts';
import type { z } from 'zod';
import { judge, seeBasket, type SeenBasket, toPrice } from './basket.ts';
import { readContent, type ScannedContent } from './code-content.ts';
import type { IssuedCode } from './issued-code.ts';
import type { Offer } from './offer.ts';
import { type FoundCode, stepOf, verify } from './verify.ts';

export interface ScanCommand {
  caller: string;
  request: ScanRequest;
  /** Names the reservation. Made from caller, scanId and body: another body is another settlement, and conflicts. */
  settlementId: string;
}

/** A scan that may be granted: what it is worth and to whom. */
export interface Sale {
  codeId: string;
  holderId: string;
  /** The step of the code that it uses; 0 of a code of a single use. */
  step: number;
  currency: string;
  /** Off the price now, minor units. */
  discount: bigint;
  /** Paid in full now and credited later (seed 003, claim 82), minor units. */
  credit: bigint;
  lines: JudgedLine[];
  coupons: AppliedCoupon[];
}

/** What is stored of a scan, and what a repeat is answered. */
export type ScanOutcome =
  | { state: 'held'; sale: Sale; confirmBy: Date }
  | { state: 'granted'; sale: Sale }
  | { state: 'refused' | 'abandoned' | 'rolled-back'; reason: ScanReason };

type ReserveRequest = z.output<typeof ReserveCouponsV1.request>;
type ReserveAnswer = z.output<typeof ReserveCouponsV1.reply>;

/** Everything around the rules; fakes stand here in tests. */
export interface ScanDeps {
  findCode(content: ScannedContent): Promise<FoundCode | undefined>;
  offersOf(code: IssuedCode): Promise<Offer[]>;
  reserve(request: ReserveRequest): Promise<ReserveAnswer>;
  /** What was decided of this scan before. */
  decided(command: ScanCommand): Promise<ScanOutcome | undefined>;
  /** Each is one conditional commit; what was decided first stands, and is returned. */
  refuse(command: ScanCommand, codeId: string, reason: ScanReason): Promise<ScanOutcome>;
  grant(command: ScanCommand, sale: Sale): Promise<ScanOutcome>;
  hold(command: ScanCommand, sale: Sale, confirmBy: Date): Promise<ScanOutcome>;
  now(): Date;
  confirmWithinMs: number;
}

/** Between the last moment at which we may grant and the one at which the registry asks what became of it. */
const DECIDE_WITHIN_MS = 30_000;

/**
 * One scan, from the picture to the discount: verify the code, see the basket, reserve the coupons behind it, decide. The
 * reservation ends as the decision says, by its event or by the registry's question; so a crash anywhere ends legally.
 */
export async function scan(command: ScanCommand, deps: ScanDeps): Promise<ScanOutcome> {
  const { request, settlementId } = command;
  const found = await verifyScanned(request, deps);
  if ('reason' in found) return refuse(command, found, deps);

  const { code, content } = found;
  const offers = await deps.offersOf(code);
  const refused = (reason: ScanReason) => refuse(command, { reason, codeId: code.codeId }, deps);
  if (request.currency && request.currency !== code.currency) return refused('currency-differs');
  const basket = seeBasket(request.lines, code, offers);
  if (typeof basket === 'string') return refused(basket);

  const confirmBy = new Date(deps.now().getTime() + deps.confirmWithinMs);
  const answer = await deps.reserve({
    settlementId,
    media: [],
    held: { holderId: code.holderId, couponIds: code.coupons.map(({ couponId }) => couponId) },
    purpose: request.purpose,
    storeId: request.storeId,
    presentedAt: request.scannedAt,
    resolveAt: new Date(confirmBy.getTime() + DECIDE_WITHIN_MS).toISOString(),
    currency: code.currency,
    amount: basket.lines.reduce((sum, { amount }) => sum + amount, 0n),
    lines: toPrice(basket),
  });
  if (answer.couponSearch === 'none') return refused(reasonOf(answer));

  const sale = saleOf({ code, step: stepOf(content) }, basket, answer);
  return request.finish === 'immediate' ? deps.grant(command, sale) : deps.hold(command, sale, confirmBy);
}

/** The verdict on a code alone (seed 003, claims 7 and 71). Uses nothing up. */
export async function verifyScanned(
  { code: scanned, storeId, scannedAt }: Pick<ScanRequest, 'code' | 'storeId' | 'scannedAt'>,
  deps: Pick<ScanDeps, 'findCode'>,
): Promise<{ content: ScannedContent; code: IssuedCode } | { reason: ScanReason; codeId?: string }> {
  const content = readContent(scanned);
  if (!content) return { reason: 'malformed-code' };
  const found = await deps.findCode(content);
  if (!found) return { reason: 'unknown-code' };
  const reason = verify(content, found, { storeId, scannedAtMs: Date.parse(scannedAt) });
  if (!reason) return { content, code: found.code };
  // Whoever guesses typed codes learns nothing of those that were.
  return content.kind === 'typed' ? { reason: 'unknown-code' } : { reason, codeId: found.code.codeId };
}

/** A repeat of a scan that was decided finds its own code used, and gets its own answer: what was decided first stands. */
async function refuse(
  command: ScanCommand,
  { reason, codeId }: { reason: ScanReason; codeId?: string },
  deps: ScanDeps,
): Promise<ScanOutcome> {
  if (codeId !== undefined) return deps.refuse(command, codeId, reason);
  // Of a code that is not ours nothing is kept: strangers could fill the disk with it.
  return (await deps.decided(command)) ?? { state: 'refused', reason };
}

/** Nothing reserved: because of the basket, or because the coupons cannot be had. */
function reasonOf({ refused }: ReserveAnswer): ScanReason {
  const ofBasket = new Set([
    'required-products-missing',
    'required-quantity-missing',
    'condition-not-met',
    'not-discountable',
    'nothing-left-to-discount',
  ]);
  const allOfBasket = refused.length > 0 && refused.every(({ reason }) => ofBasket.has(reason));
  return allOfBasket ? 'no-eligible-product' : 'coupon-unavailable';
}

function saleOf(
  { code, step }: { code: IssuedCode; step: number },
  basket: SeenBasket,
  { coupons, discount }: ReserveAnswer,
): Sale {
  const { codeId, holderId, currency } = code;
  return {
    ...{ codeId, holderId, step, currency },
    discount,
    credit: coupons.reduce((sum, coupon) => sum + coupon.discount, -discount),
    lines: judge(basket, coupons),
    coupons,
  };
}
