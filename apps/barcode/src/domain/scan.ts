import type {
  AppliedCoupon,
  JudgedLine,
  ReserveCouponsV1,
  ScanReason,
  ScanRequest,
  UseCouponsV1,
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

/** A scan that is written down, with the use of its code, and whose coupons were asked for: nobody was told anything yet. */
export interface Asked {
  state: 'asked';
  codeId: string;
}

/** The use of a code that is to be made. `step`: of a rotating code; 0 of a code of a single use. */
export interface CodeUse {
  codeId: string;
  step: number;
}

/** What a scan is worth, or why it is worth nothing. */
export type Verdict = { sale: Sale } | { reason: ScanReason };

type ReserveRequest = z.output<typeof ReserveCouponsV1.request>;
type ReserveAnswer = z.output<typeof ReserveCouponsV1.reply>;
type UseRequest = z.output<typeof UseCouponsV1.request>;

/** Everything around the rules; fakes stand here in tests. */
export interface ScanDeps {
  findCode(content: ScannedContent): Promise<FoundCode | undefined>;
  offersOf(code: IssuedCode): Promise<Offer[]>;
  /** Of a code that was found before. */
  codeOf(codeId: string): Promise<IssuedCode>;
  reserve(request: ReserveRequest): Promise<ReserveAnswer>;
  use(request: UseRequest): Promise<ReserveAnswer>;
  /** What was decided of this scan before. */
  decided(command: ScanCommand): Promise<ScanOutcome | Asked | undefined>;
  /** Each is one conditional commit; what was decided first stands, and is returned. */
  refuse(command: ScanCommand, codeId: string, reason: ScanReason): Promise<ScanOutcome | Asked>;
  ask(command: ScanCommand, codeUse: CodeUse): Promise<ScanOutcome | Asked>;
  finish(command: ScanCommand, verdict: Verdict): Promise<ScanOutcome>;
  hold(command: ScanCommand, sale: Sale, until: { step: number; confirmBy: Date }): Promise<ScanOutcome>;
  now(): Date;
  confirmWithinMs: number;
}

/** Between the last moment at which we may grant and the one at which the registry asks what became of it. */
const DECIDE_WITHIN_MS = 30_000;

/**
 * One scan, from the picture to the discount: verify the code, see the basket, take the coupons behind it, decide.
 *
 * Nobody but the registry can decline a scan that is final at once. So it is written down first, the registry takes and uses
 * its coupons in one commit, and what that was is written down and told; whoever dies between leaves a scan that was asked,
 * for its own repeat to go on with, or for the sweeper to roll back (docs/protocol/scan.pml).
 *
 * A scan that waits for its store to confirm reserves; that ends as the decision says, by its event or by the registry's
 * question. Either way a crash anywhere ends legally.
 */
export async function scan(command: ScanCommand, deps: ScanDeps): Promise<ScanOutcome> {
  const { request } = command;
  const found = await verifyScanned(request, deps);
  if ('reason' in found) return refuse(command, found, deps);

  const { code } = found;
  const seen = await see(request, code, deps);
  if ('reason' in seen) return refuse(command, { ...seen, codeId: code.codeId }, deps);
  const step = stepOf(found.content);
  if (request.finish === 'on-confirm') return hold(command, seen, step, deps);
  const asked = await deps.ask(command, { codeId: code.codeId, step });
  return asked.state === 'asked' ? use(command, seen, deps) : asked;
}

/** A basket as the code sees it. */
interface Seen {
  code: IssuedCode;
  basket: SeenBasket;
}

async function see(
  { currency, lines }: ScanRequest,
  code: IssuedCode,
  deps: ScanDeps,
): Promise<Seen | { reason: ScanReason }> {
  const offers = await deps.offersOf(code);
  if (currency && currency !== code.currency) return { reason: 'currency-differs' };
  const basket = seeBasket(lines, code, offers);
  return typeof basket === 'string' ? { reason: basket } : { code, basket };
}

/** Of a scan that is written down. */
async function use(command: ScanCommand, seen: Seen, deps: ScanDeps): Promise<ScanOutcome> {
  const { scanId, terminalId } = command.request;
  const ofScan = { scanId, codeId: seen.code.codeId, terminalId };
  const answer = await deps.use({ ...wantedBy(command, seen), scan: ofScan });
  return deps.finish(command, verdictOf(answer, seen));
}

async function hold(command: ScanCommand, seen: Seen, step: number, deps: ScanDeps): Promise<ScanOutcome> {
  const confirmBy = new Date(deps.now().getTime() + deps.confirmWithinMs);
  const resolveAt = new Date(confirmBy.getTime() + DECIDE_WITHIN_MS).toISOString();
  const answer = await deps.reserve({ ...wantedBy(command, seen), media: [], resolveAt });
  const verdict = verdictOf(answer, seen);
  if ('sale' in verdict) return deps.hold(command, verdict.sale, { step, confirmBy });
  return refuse(command, { ...verdict, codeId: seen.code.codeId }, deps);
}

function wantedBy({ request, settlementId }: ScanCommand, { code, basket }: Seen) {
  return {
    settlementId,
    held: { holderId: code.holderId, couponIds: code.coupons.map(({ couponId }) => couponId) },
    purpose: request.purpose,
    storeId: request.storeId,
    presentedAt: request.scannedAt,
    currency: code.currency,
    amount: basket.lines.reduce((sum, { amount }) => sum + amount, 0n),
    lines: toPrice(basket),
  };
}

function verdictOf(answer: ReserveAnswer, seen: Seen): Verdict {
  return answer.couponSearch === 'none' ? { reason: reasonOf(answer) } : { sale: saleOf(seen, answer) };
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
  // Of a code that is not ours nothing is kept: strangers could fill the disk with it.
  const decided =
    codeId === undefined ? await deps.decided(command) : await deps.refuse(command, codeId, reason);
  if (!decided) return { state: 'refused', reason };
  return decided.state === 'asked' ? goOn(command, decided, deps) : decided;
}

/** What was asked before by a run that broke off, or still runs, is asked again: the registry answers it the same. */
async function goOn(command: ScanCommand, { codeId }: Asked, deps: ScanDeps): Promise<ScanOutcome> {
  const code = await deps.codeOf(codeId);
  const seen = await see(command.request, code, deps);
  // Of one body and one code it is seen the same for ever.
  if ('reason' in seen) throw new Error(`scan ${command.settlementId} was asked for, and is refused now`);
  return use(command, seen, deps);
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

function saleOf({ code, basket }: Seen, { coupons, discount }: ReserveAnswer): Sale {
  const { codeId, holderId, currency } = code;
  return {
    ...{ codeId, holderId, currency },
    discount,
    credit: coupons.reduce((sum, coupon) => sum + coupon.discount, -discount),
    lines: judge(basket, coupons),
    coupons,
  };
}
