import type { ScriptV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { SettleReply } from '../../replay/settled.ts';
import type { Till } from './till.ts';

export type ScriptedFault = NonNullable<z.output<typeof ScriptV1.request>['faults']>[number];

/** How the shopper, the till and the card network behave in one sale. */
export interface SaleKind {
  capture?: 'immediate' | 'on-confirm';
  /** What the card network does to the messages of this sale's card. */
  network?: readonly Omit<ScriptedFault, 'card'>[];
  /** Paid with a test card, which the card network always treats one way; absent: a card of the household's own. */
  card?: string;
  acceptPartialApproval?: boolean;
  /** What the coupon is worth comes back on the card after the sale; absent: the till takes it off. */
  credited?: true;
  /** What is on the card, minor units; absent: no limit. */
  balance?: bigint;
  /** @returns what the till was told last, if that must still stand when all is over */
  play(till: Till): Promise<SettleReply | undefined>;
}

/** The price of every sale before its coupon, and what the coupon takes off; minor units. */
export const PRICE = 500n;
export const DISCOUNT = 100n;

/** What the simulated card network documents as cards that behave so. */
const TEST_CARDS = {
  approves: '4111111111111111',
  declines: '4000000000000002',
  approvesInPart: '4000000000000010',
  silent: '4000000000000036',
  standIn: '4000000000000044',
  adjustsLater: '4000000000000077',
};

const settle = (till: Till): Promise<SettleReply> => till.settle();

/** @throws whatever else was answered */
function isConflict(error: Error): void {
  if (!error.message.includes('"conflict"')) throw error;
}

/** Settles, goes on, and asks again how it stands. */
const thenAsk =
  (verb: 'confirm' | 'void' | 'cancel') =>
  async (till: Till): Promise<SettleReply> => {
    await till.settle();
    await till[verb]();
    return till.settle();
  };

/** Ways in which a till brings a sale to its end. */
export const PLAYS = {
  settle: { play: settle },
  confirm: { capture: 'on-confirm', play: thenAsk('confirm') },
  void: { capture: 'on-confirm', play: thenAsk('void') },
  cancel: { play: thenAsk('cancel') },
  refund: {
    async play(till) {
      const reply = await till.settle();
      if (reply.outcome === 'approved') await till.refund();
      return reply;
    },
  },
  /** The terminal does not wait for the answer; what counts is what it is told after its cancel. */
  giveUp: {
    async play(till) {
      till.settle().catch(() => undefined);
      await till.cancel();
      return till.settle();
    },
  },
} satisfies Record<string, SaleKind>;

/** Every branch of the protocol that a rail which shrinks can take. */
export const SALES = {
  plain: PLAYS.settle,
  confirmed: PLAYS.confirm,
  voided: PLAYS.void,
  /** Never confirmed: it voids by itself, so what the till was told does not stand. */
  forgotten: {
    capture: 'on-confirm',
    play: (till) => till.settle().then(() => undefined),
  },
  cancelled: PLAYS.cancel,
  declined: { card: TEST_CARDS.declines, play: settle },
  /** Short of funds at the full price, not at the discounted one: asked once more. */
  poor: {
    network: [{ verb: 'authorize', action: { kind: 'decline', reason: 'insufficient-funds' }, times: 1 }],
    play: settle,
  },
  /** The same where the card network approves what there is: that covers the discounted price. */
  nearly: { balance: PRICE - DISCOUNT / 2n, play: settle },
  /** The card network authorizes, and its answer is lost. */
  silent: { card: TEST_CARDS.silent, play: settle },
  /** The card network refuses to shrink the hold. */
  kept: { network: [{ verb: 'adjust', action: { kind: 'refuse', reason: 'no' }, times: 1 }], play: settle },
  refunded: PLAYS.refund,
  gaveUp: PLAYS.giveUp,
  inPart: { card: TEST_CARDS.approvesInPart, acceptPartialApproval: true, play: settle },
  inPartRefused: { card: TEST_CARDS.approvesInPart, play: settle },
  standIn: { card: TEST_CARDS.standIn, play: settle },
  adjustedLater: { card: TEST_CARDS.adjustsLater, play: settle },
  /** The rest of a partial approval is paid by another card; then all of it is cancelled. */
  continued: {
    card: TEST_CARDS.approvesInPart,
    acceptPartialApproval: true,
    async play(till) {
      const { amountDue } = await till.settle();
      if (amountDue !== undefined) await till.continuedBy(TEST_CARDS.approves, amountDue).settle();
      await till.cancel();
      return till.settle();
    },
  },
  /** The same, given back through both at once: through the first the whole sale, through the other nothing. */
  continuedRefunded: {
    card: TEST_CARDS.approvesInPart,
    acceptPartialApproval: true,
    async play(till) {
      const reply = await till.settle();
      if (reply.amountDue === undefined) return reply;
      const rest = till.continuedBy(TEST_CARDS.approves, reply.amountDue);
      await rest.settle();
      await Promise.all([till.refund(), rest.refund().catch(isConflict)]);
      return reply;
    },
  },
  /** Paid in full, and credited after the sale. */
  credited: { ...PLAYS.settle, credited: true },
  creditedConfirmed: { ...PLAYS.confirm, credited: true },
  creditedCancelled: { ...PLAYS.cancel, credited: true },
  creditedRefunded: { ...PLAYS.refund, credited: true },
  /** The card pays more than it is credited, another pays the rest, and both get back what they paid and have not back. */
  creditedInPart: {
    card: TEST_CARDS.approvesInPart,
    acceptPartialApproval: true,
    credited: true,
    async play(till) {
      const reply = await till.settle();
      if (reply.amountDue === undefined) return reply;
      await till.continuedBy(TEST_CARDS.approves, reply.amountDue).settle();
      await till.refund();
      return reply;
    },
  },
  /** The result of the adjust comes as an advice: after the queue asked twice, well before it asks a third time. */
  advised: {
    network: [{ verb: 'adjust', action: { kind: 'pending', forMs: 1_500, advise: true }, times: 1 }],
    play: settle,
  },
  /** The answer to the reversal comes after the queue has given up on it, once. */
  voidedSlowly: {
    ...PLAYS.void,
    network: [
      { verb: 'reverse', action: { kind: 'delay', delayMs: 700, effect: 'first', advise: false }, times: 1 },
    ],
  },
} satisfies Record<string, SaleKind>;

export type SaleName = keyof typeof SALES;
export const SALE_NAMES = Object.keys(SALES) as SaleName[];
