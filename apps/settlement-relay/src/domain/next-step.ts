import type {
  AppliedCoupon,
  Capabilities,
  CouponSearch,
  FollowUpOutcome,
  SettleRequest,
  Strategy,
} from '@couplet/contracts';
import type { AuthorizationEvent } from './authorization-table.ts';
import { sendingOf, type Approval, type Authorization, type Settlement } from './settlement.ts';
import { creditableOn, isCredit, tillDiscountOf } from './statement-credit.ts';

/** What the card network said. `unknown` is a timeout: it may hold money. */
export type CardAnswer =
  /** `approvedAmount` is less than was asked after a partial approval; minor units. */
  | { readonly kind: 'approved'; readonly approval: Approval; readonly approvedAmount: bigint }
  | { readonly kind: 'insufficient-funds' }
  | { readonly kind: 'declined'; readonly reason: string }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'never-sent' };

/** What the registry said, or why nothing is known of it. */
export type CouponAnswer =
  | { readonly couponSearch: 'found'; readonly coupons: readonly AppliedCoupon[] }
  | { readonly couponSearch: Exclude<CouponSearch, 'found'> };

/** What is known of one attempt beside the journal. */
export interface Answers {
  readonly coupons?: CouponAnswer;
  /** Of the authorization that the journal shows as `sending`. */
  readonly card?: CardAnswer;
  /** Of the reversal that the next authorization waits for (S3). */
  readonly reversal?: FollowUpOutcome | 'no-answer';
  /** The first authorize is still held back for its coupons (S4). */
  readonly unsent?: boolean;
}

export type NextStep = Awaits | SwapsEarly | ReversesFirst | AsksAgain | Grants | Abandons;

interface Awaits {
  readonly kind: 'await';
  readonly answer: 'card' | 'coupons' | 'reversal';
}
/** S4: the coupons were faster than the patience of the relay: the card is asked at what they leave, at once. */
export interface SwapsEarly {
  readonly kind: 'swap-early';
  readonly amount: bigint;
}
/** S3: this rail can take nothing less than it holds, so the hold goes before the card is asked at another amount. */
export interface ReversesFirst {
  readonly kind: 'reverse-first';
}
/** No hold exists any more: the card is asked once more, at this amount (S3, F6). */
export interface AsksAgain {
  readonly kind: 'ask-again';
  readonly amount: bigint;
  /** What ended the first authorization. */
  readonly first: 'declined' | 'reverse-done';
}
export interface Grants {
  readonly kind: 'grant';
  readonly amount: bigint;
  readonly coupons: readonly AppliedCoupon[];
  readonly couponSearch: CouponSearch;
  readonly strategy: Strategy;
  readonly approval?: Approval;
  /** What the grant makes of the authorization on its way; absent without a card. */
  readonly authorization?: AuthorizationEvent;
  /** What the card network holds; absent when it holds nothing. */
  readonly held?: bigint;
}
export interface Abandons {
  readonly kind: 'abandon';
  readonly reason: string;
  readonly couponSearch: CouponSearch;
  readonly authorization: AuthorizationEvent;
}

/**
 * The four strategies and every failure row as one function of what is on disk, what the rail can do and what was
 * answered (`docs/strategies.md`). What it returns is journalled before any message of it leaves.
 *
 * @param journal an attempt that is `started`
 */
export function nextStep(
  journal: Settlement,
  rail: Capabilities,
  answers: Answers,
  { acceptPartialApproval }: Pick<SettleRequest, 'acceptPartialApproval'>,
): NextStep {
  const sale = saleOf(journal, rail, answers.coupons, acceptPartialApproval);
  const [first, second] = journal.authorizations;
  if (!first) return answers.coupons ? grantWithoutCard(sale) : awaits('coupons');
  if (!second && first.state === 'reversing') return afterReversal(answers.reversal, sale);

  const asked = sendingOf(journal);
  if (!asked) throw new Error(`settlement ${journal.settlementId} is started and asks nobody`);
  if (answers.unsent && sale.coupons.length > 0 && sale.discounted < asked.held) return swapEarly(sale);
  if (!answers.card) return awaits('card');
  if (!answers.coupons && mayUseCoupons(answers.card)) return awaits('coupons');
  return recombine(answers.card, asked, rail, sale);
}

/** The search and the price it leaves. */
interface Sale {
  readonly price: bigint;
  readonly discounted: bigint;
  readonly coupons: readonly AppliedCoupon[];
  readonly couponSearch: CouponSearch;
  readonly acceptPartialApproval: boolean;
  /** How the card came to be asked for exactly what it pays. */
  readonly exactBy: Strategy;
}

function recombine(card: CardAnswer, asked: Authorization, rail: Capabilities, sale: Sale): NextStep {
  switch (card.kind) {
    case 'approved':
      return approved(card, asked, rail, sale);
    case 'insufficient-funds':
      return shortOfFunds(asked, rail, sale);
    case 'declined':
      return abandons(card.reason, 'declined', sale);
    case 'never-sent':
      return abandons('network-unavailable', 'never-sent', sale);
    case 'unknown':
      return abandons('timeout', 'given-up', sale);
  }
}

/** The hold against the price: equal, above it (S1, S2, S3) or below it (F8). */
function approved(
  { approval, approvedAmount: held }: Extract<CardAnswer, { kind: 'approved' }>,
  asked: Authorization,
  rail: Capabilities,
  sale: Sale,
): NextStep {
  const { discounted } = sale;
  const grants = { ...grantOf(sale), approval, held };
  if (discounted === 0n) return { ...grantOf(sale), strategy: 'none', authorization: 'given-up' };
  if (held === discounted) return { ...grants, strategy: sale.exactBy, authorization: 'approved' };
  if (held < discounted) return partlyApproved(grants, sale);
  if (rail.shrink) return { ...grants, strategy: 'shrink', authorization: 'approved' };
  if (rail.finalPartialCapture)
    return { ...grants, strategy: 'final-capture', authorization: 'approved-unshrinkable' };
  if (rail.secondAuthorization && asked.ordinal === 1) return { kind: 'reverse-first' };
  // This rail takes what it holds or nothing: every coupon that takes something off goes back.
  return approved({ kind: 'approved', approval, approvedAmount: held }, asked, rail, atFullPrice(sale));
}

/** F8: the card pays what it has, and is credited no more than that; the rest is due by another tender, if the terminal can take one. */
function partlyApproved(grants: Omit<Grants, 'strategy'> & { held: bigint }, sale: Sale): Grants | Abandons {
  const coupons = creditableOn(grants.held, grants.coupons);
  return sale.acceptPartialApproval
    ? { ...grants, coupons, strategy: sale.exactBy, authorization: 'approved' }
    : abandons('partial-approval', 'given-up', sale);
}

/** F6: no hold exists, so the card may be asked once more, at what the coupons leave. */
function shortOfFunds(asked: Authorization, rail: Capabilities, sale: Sale): NextStep {
  const { coupons, discounted } = sale;
  if (coupons.length > 0 && asked.ordinal === 1) {
    if (discounted === 0n) return { ...grantOf(sale), strategy: 'none', authorization: 'declined' };
    if (discounted < asked.held && rail.secondAuthorization)
      return { kind: 'ask-again', amount: discounted, first: 'declined' };
  }
  return abandons('insufficient-funds', 'declined', sale);
}

/** S3: only an acknowledged reversal frees the way (F16). */
function afterReversal(reversal: Answers['reversal'], sale: Sale): NextStep {
  switch (reversal) {
    case undefined:
    case 'pending':
      return awaits('reversal');
    case 'done':
      return { kind: 'ask-again', amount: sale.discounted, first: 'reverse-done' };
    case 'refused':
      return abandons('reversal-refused', 'reverse-refused', sale);
    case 'unknown-authorization':
    case 'no-answer':
      return abandons('reversal-unanswered', 'given-up', sale);
  }
}

function swapEarly(sale: Sale): SwapsEarly | Grants {
  if (sale.discounted > 0n) return { kind: 'swap-early', amount: sale.discounted };
  return { ...grantOf(sale), strategy: 'early-swap', authorization: 'never-sent' };
}

const grantWithoutCard = (sale: Sale): Grants => ({ ...grantOf(sale), strategy: 'none' });

/** Whether a coupon could still change the decision: no other answer of the card waits for the search. */
const mayUseCoupons = ({ kind }: CardAnswer): boolean => kind === 'approved' || kind === 'insufficient-funds';

/**
 * Coupons that take something off or give something; together never more than the price, else the answer is not to be
 * trusted. A credit makes nothing payable: the price stays, and a card that can be paid back has to pay it.
 */
function saleOf(
  { settlementId, terms, authorizations }: Settlement,
  rail: Capabilities,
  search: CouponAnswer | undefined,
  acceptPartialApproval: boolean,
): Sale {
  if (!terms) throw new Error(`settlement ${settlementId} was started without terms`);
  const found = search?.couponSearch === 'found' ? search.coupons : [];
  const mayCredit = authorizations.length > 0 && rail.refund;
  const useful = found.filter(
    (one) => (one.discount > 0n || one.benefit !== undefined) && (mayCredit || !isCredit(one)),
  );
  const worth = useful.reduce((sum, one) => sum + one.discount, 0n);
  const coupons = worth <= terms.amount ? useful : [];
  return {
    price: terms.amount,
    discounted: terms.amount - tillDiscountOf(coupons),
    coupons,
    couponSearch: search?.couponSearch ?? 'late',
    acceptPartialApproval,
    exactBy: exactBy(authorizations, terms.amount),
  };
}

function exactBy([first, second]: readonly Authorization[], price: bigint): Strategy {
  if (second) return first?.state === 'reversed' ? 'reverse-then-authorize' : 'none';
  return first && first.held < price ? 'early-swap' : 'none';
}

const atFullPrice = (sale: Sale): Sale => ({
  ...sale,
  coupons: sale.coupons.filter(isCredit),
  discounted: sale.price,
});

const grantOf = ({ discounted, coupons, couponSearch }: Sale): Omit<Grants, 'strategy'> => ({
  kind: 'grant',
  amount: discounted,
  coupons,
  couponSearch,
});

const abandons = (reason: string, authorization: AuthorizationEvent, { couponSearch }: Sale): Abandons => ({
  kind: 'abandon',
  reason,
  couponSearch,
  authorization,
});

const awaits = (answer: Awaits['answer']): Awaits => ({ kind: 'await', answer });
