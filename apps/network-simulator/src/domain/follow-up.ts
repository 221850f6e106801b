import type { Hold, HoldState } from './hold.ts';

/** What settlement-relay may ask about an authorization after it. */
export type FollowUp =
  | { readonly verb: 'reverse' }
  | {
      readonly verb: 'adjust' | 'capture' | 'refund';
      readonly amount: bigint;
      readonly currency: string;
      /** adjust: it states a fact. The network cannot refuse it. */
      readonly advice?: boolean | undefined;
    };

export type FollowUpVerb = FollowUp['verb'];

/** What of its declared capabilities the rail acts on here. */
export interface Rail {
  readonly shrink: boolean;
  readonly finalPartialCapture: boolean;
  readonly refund: boolean;
}

/** What somebody scripted for this one. */
export interface Interference {
  /** Why it is refused; a refused capture of a hold is remembered. */
  readonly refusal?: string;
  /** The rest stays held after the capture, whatever the rail declares. */
  readonly keepRest?: boolean;
}

export type Decision =
  /** `next` is absent when nothing changes. */
  | { readonly outcome: 'done'; readonly next?: Hold }
  | { readonly outcome: 'refused'; readonly reason: string; readonly next?: Hold };

/** ISO 4217 code of "no currency": an authorization reversed before it was seen has none. */
export const NO_CURRENCY = 'XXX';

interface Case {
  readonly hold: Hold;
  readonly amount: bigint;
  readonly rail: Rail;
  readonly advice: boolean;
  readonly keepRest: boolean;
}
type Rule = (given: Case) => Decision;

/**
 * The card network's table per authorization id: `protocol`, section 5. A cell that the table leaves empty is refused.
 * `adjust` after a capture of that amount is the release of the rest.
 */
const TABLE: Record<FollowUpVerb, Record<'never-seen' | HoldState, Rule>> = {
  adjust: {
    'never-seen': refused('unknown-authorization'),
    held: shrink,
    reversed: refused('reversed'),
    declined: refused('declined'),
    captured: releaseRest,
  },
  reverse: {
    'never-seen': () => done({ ...NOTHING, state: 'reversed' }),
    held: ({ hold }) => done({ ...hold, state: 'reversed', held: 0n }),
    reversed: () => done(),
    declined: () => done(),
    captured: refused('captured'),
  },
  capture: {
    'never-seen': refused('unknown-authorization'),
    held: capture,
    reversed: refused('reversed'),
    declined: refused('declined'),
    captured: ({ hold, amount }) => (amount === hold.captured ? done() : no('captured-other-amount')),
  },
  refund: {
    'never-seen': refused('unknown-authorization'),
    held: refused('not-captured'),
    reversed: refused('reversed'),
    declined: refused('declined'),
    captured: refund,
  },
};

const NOTHING: Hold = {
  state: 'reversed',
  currency: NO_CURRENCY,
  authorized: 0n,
  held: 0n,
  captured: 0n,
  refunded: 0n,
  standIn: false,
};

/**
 * What a follow-up does to an authorization, and its answer.
 *
 * @param hold undefined when the id was never seen
 */
export function decide(
  hold: Hold | undefined,
  followUp: FollowUp,
  rail: Rail,
  { refusal, keepRest = false }: Interference = {},
): Decision {
  const advice = followUp.verb === 'adjust' && followUp.advice === true;
  if (refusal !== undefined && !advice) return refuse(hold, followUp, refusal);
  const amount = followUp.verb === 'reverse' ? 0n : followUp.amount;
  if (
    hold &&
    followUp.verb !== 'reverse' &&
    hold.state !== 'reversed' &&
    followUp.currency !== hold.currency
  ) {
    return no('currency-differs');
  }
  return TABLE[followUp.verb][hold?.state ?? 'never-seen']({
    hold: hold ?? NOTHING,
    amount,
    rail,
    advice,
    keepRest,
  });
}

function refuse(hold: Hold | undefined, { verb }: FollowUp, reason: string): Decision {
  if (verb !== 'capture' || hold?.state !== 'held') return no(reason);
  return { outcome: 'refused', reason, next: { ...hold, captureRefusal: reason } };
}

function shrink({ hold, amount, rail, advice }: Case): Decision {
  if (!advice && hold.standIn) return no('advice-required');
  if (!advice && !rail.shrink) return no('not-supported');
  if (amount === 0n) return no('invalid-amount'); // That is a reversal, and ends the hold.
  if (amount > hold.held) return no('above-hold');
  return done({ ...hold, held: amount });
}

function capture({ hold, amount, rail, keepRest }: Case): Decision {
  if (hold.captureRefusal !== undefined) return no(hold.captureRefusal);
  if (amount === 0n) return no('invalid-amount');
  if (amount > hold.held) return no('above-hold');
  const rest = rail.finalPartialCapture && !keepRest ? 0n : hold.held - amount;
  return done({ ...hold, state: 'captured', held: rest, captured: amount });
}

function releaseRest({ hold, amount }: Case): Decision {
  return amount === hold.captured ? done({ ...hold, held: 0n }) : no('captured');
}

function refund({ hold, amount, rail }: Case): Decision {
  if (!rail.refund) return no('not-supported');
  if (amount === 0n) return no('invalid-amount');
  const refunded = hold.refunded + amount;
  return refunded > hold.captured ? no('above-captured') : done({ ...hold, refunded });
}

function refused(reason: string): Rule {
  return () => no(reason);
}

function no(reason: string): Decision {
  return { outcome: 'refused', reason };
}

function done(next?: Hold): Decision {
  return next ? { outcome: 'done', next } : { outcome: 'done' };
}
