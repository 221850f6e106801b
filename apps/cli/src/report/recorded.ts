import { BasketLine as ContractLine } from '@couplet/contracts';
import { evaluate, type AppliedCoupon, type BasketLine } from '@couplet/promotion';
import type { Journey } from '../journey/types.ts';
import { CURRENCY, offerIdOf, type OfferDraft, type OfferPlan } from '../plan/offers.ts';
import { settleRequestOf } from '../plan/settle-request.ts';
import type { Settled } from '../replay/settled.ts';
import { amountsOf, type Amounts } from './amounts.ts';
import { causeOf, type Cause, type Evidence } from './cause.ts';
import { matchRedemptions, type Match } from './match-redemptions.ts';

/** One recorded redemption beside what the replay computed for it. */
export interface RecordedRow {
  householdId: string;
  couponUpc: string;
  campaignId: string;
  day: string;
  basketId: string;
  lineId: string;
  productId: string;
  recorded: Amounts;
  computed: Amounts;
  cause?: Cause;
}

export interface RecordedComparison {
  matched: number;
  agree: number;
  /** Of the matched, 0 to 1. */
  share: number | null;
  causes: Partial<Record<Cause, number>>;
  rows: RecordedRow[];
}

/**
 * Every recorded redemption that shows on a line of a replayed receipt, beside what the replay took off for it.
 *
 * @param settled in time order
 */
export function compareRecorded(
  journey: Journey,
  { offers }: OfferPlan,
  settled: readonly Settled[],
): RecordedComparison {
  const replay = new Replay(journey, new Map(offers.map(({ draft }) => [draft.offerId, draft])), settled);
  const receipts = settled.map(({ receipt }) => receipt);
  const matches = matchRedemptions({ ...journey, receipts });
  const rows = matches.map((match) => rowOf(match, replay.evidenceOf(match, matches)));
  const causes: Partial<Record<Cause, number>> = {};
  for (const { cause } of rows) if (cause) causes[cause] = (causes[cause] ?? 0) + 1;
  const agree = rows.filter(({ cause }) => cause === undefined).length;
  return { matched: rows.length, agree, share: rows.length > 0 ? agree / rows.length : null, causes, rows };
}

function rowOf({ redemption, receipt, line }: Match, evidence: Evidence): RecordedRow {
  const cause = causeOf(evidence);
  return {
    householdId: redemption.householdId,
    couponUpc: redemption.upc,
    campaignId: redemption.campaignId,
    day: redemption.day,
    basketId: receipt.basketId,
    lineId: line.lineId,
    productId: line.productId,
    recorded: evidence.recorded,
    computed: evidence.computed,
    ...(cause && { cause }),
  };
}

class Replay {
  private readonly byReceipt: ReadonlyMap<Match['receipt'], Settled>;

  constructor(
    private readonly journey: Journey,
    private readonly drafts: ReadonlyMap<string, OfferDraft>,
    private readonly settled: readonly Settled[],
  ) {
    this.byReceipt = new Map(settled.map((one) => [one.receipt, one]));
  }

  evidenceOf(match: Match, matches: readonly Match[]): Evidence {
    const offerId = offerIdOf(match.redemption);
    const applied = couponsOf(this.byReceipt.get(match.receipt)!);
    const onLine = applied.filter(({ lines }) => lines.some(({ lineId }) => lineId === match.line.lineId));
    const rivals = matches.filter((other) => other !== match && other.line === match.line);
    return {
      recorded: match.line.recorded,
      computed: amountsOf(applied.filter((coupon) => coupon.offerId === offerId)),
      answered: answeredOf(this.byReceipt.get(match.receipt)!),
      alone: this.alone(match),
      rivals: rivals
        .map((rival) => this.alone(rival))
        .flatMap((alone) => (alone && 'applied' in alone ? [alone.applied] : [])),
      usedEarlier: this.usedEarlier(match, offerId),
      othersOnLine: onLine.some((coupon) => coupon.offerId !== offerId),
    };
  }

  private alone({ redemption, receipt }: Match): Evidence['alone'] {
    const offerId = offerIdOf(redemption);
    const draft = this.drafts.get(offerId);
    if (!draft) return undefined;
    const lines = (settleRequestOf(receipt, this.journey.products).lines ?? []).map((line): BasketLine =>
      ContractLine.parse(line),
    );
    const { applied, refused } = evaluate({ currency: CURRENCY, lines }, [
      { couponId: offerId, offerId, terms: draft.terms },
    ]);
    return refused[0] ? { refused: refused[0].reason } : { applied: amountsOf(applied) };
  }

  private usedEarlier({ receipt, redemption }: Match, offerId: string): boolean {
    return this.settled.some(
      (one) =>
        one.receipt.householdId === redemption.householdId &&
        one.receipt.at < receipt.at &&
        couponsOf(one).some((coupon) => coupon.offerId === offerId),
    );
  }
}

function couponsOf({ answer }: Settled): readonly Pick<AppliedCoupon, 'offerId' | 'lines' | 'funding'>[] {
  return answer.kind === 'reply' && answer.reply.outcome === 'approved' ? answer.reply.coupons : [];
}

function answeredOf({ answer }: Settled): Evidence['answered'] {
  if (answer.kind === 'failed' || answer.reply.outcome !== 'approved') return 'not-approved';
  return answer.reply.couponSearch === 'late' || answer.reply.couponSearch === 'unavailable'
    ? 'search-missed'
    : 'approved';
}
