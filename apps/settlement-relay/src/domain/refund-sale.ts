import { decide } from './decide.ts';
import { planRefund, spread, type RefundRefusal, type ReturnRequest } from './refund.ts';
import type { SaleChange, Sales } from './settle-deps.ts';
import { amountDueOf, phaseOf, type Refund, type Settlement } from './settlement.ts';
import type { Phase } from './settlement-table.ts';
import { firstOf, type AttemptKey, type EndsWith, type VerbDeps } from './verbs.ts';

export type RefundAnswer =
  | { readonly kind: 'refund'; readonly refund: Refund }
  | { readonly kind: 'refused'; readonly reason: RefundRefusal; readonly lineId?: string }
  /** The same id was used for other lines. */
  | { readonly kind: 'conflict' }
  | { readonly kind: 'not-refundable'; readonly phase: Phase | 'unknown' }
  /** It paid a part of a sale: asked of the first attempt, a refund reaches every card. */
  | ({ readonly kind: 'continues' } & EndsWith)
  /** Another attempt is paying, or has not confirmed, a part of the sale. */
  | { readonly kind: 'being-paid'; readonly attemptId: string; readonly phase: Phase };

export type RefundDeps = VerbDeps & { readonly sales: Sales };

/**
 * Gives back lines of a confirmed sale, to every card that paid it, in one commit; a repeat is answered with what became of
 * it. Whoever else refunds, cancels or continues an attempt of the sale at the same time comes before or after.
 */
export async function refund(
  attempt: AttemptKey,
  asked: ReturnRequest,
  deps: RefundDeps,
): Promise<RefundAnswer> {
  for (;;) {
    const first = await deps.journal.find(attempt);
    if (!first) return { kind: 'not-refundable', phase: 'unknown' };
    if (first.terms?.continues !== undefined)
      return { kind: 'continues', endsWith: await firstOf(first, deps) };
    const known = first.refunds.find(({ refundId }) => refundId === asked.refundId);
    if (known) return isFor(known, asked) ? { kind: 'refund', refund: known } : { kind: 'conflict' };
    const phase = phaseOf(first);
    if (phase !== 'confirmed') return { kind: 'not-refundable', phase };

    const others = await continuationsOf(first, deps.sales);
    const open = others.find((one) => phaseOf(one) !== 'confirmed');
    if (open) return { kind: 'being-paid', attemptId: open.attemptId, phase: phaseOf(open) };
    const planned = planRefund(first, asked, deps.couponReturn);
    if (planned.kind === 'refused') return planned;

    const given = spread(planned, others, deps.newId);
    const changes = [first, ...others].map((before, n) => changeOf(before, given[n], deps));
    deps.reached('verb.before-commit');
    const committed = await commit(changes, deps);
    deps.reached('verb.after-commit');
    if (committed) return { kind: 'refund', refund: given[0].refund };
  }
}

/** The attempts that pay, or may yet pay, what the first left due, in their order. */
async function continuationsOf(first: Settlement, sales: Sales): Promise<Settlement[]> {
  const others: Settlement[] = [];
  for (let last: Settlement | undefined = first; last && amountDueOf(last) > 0n;) {
    last = await sales.continuation(last.settlementId);
    if (last) others.push(last);
  }
  return others;
}

function changeOf(
  before: Settlement,
  given: ReturnType<typeof spread>[number] | undefined,
  { clock }: RefundDeps,
): SaleChange {
  const change = given && decide(before, { kind: 'refund', ...given }, clock.now());
  if (!change) throw new Error(`settlement ${before.settlementId} takes no refund`);
  return { before, change };
}

/** Of a sale that one card paid nobody can pay a part. */
function commit(changes: readonly SaleChange[], { journal, sales }: RefundDeps): Promise<boolean> {
  const [one] = changes;
  return one && amountDueOf(one.before) === 0n
    ? journal.commit(one.before, one.change)
    : sales.commitAll(changes);
}

const isFor = ({ lines }: Refund, asked: ReturnRequest): boolean =>
  !asked.lines ||
  (asked.lines.length === lines.length &&
    asked.lines.every(({ lineId, quantity }) =>
      lines.some((line) => line.lineId === lineId && isQuantity(line.quantity, quantity)),
    ));

/** Fifteen digits at most, which a double tells apart; absent asked for whatever was left. */
const isQuantity = (given: string, asked = given): boolean => Number(given) === Number(asked);
