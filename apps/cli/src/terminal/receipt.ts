import type { AppliedCoupon, SettleReply } from '@couplet/contracts';
import type { Attempt, Sale, Scan } from './book.ts';
import { inMajorUnits } from './money.ts';
import type { ValidScan } from './steps.ts';

/** What the shopper takes home: P, what coupons took off, D, and who paid it. Amounts are in minor units. */
export interface Receipt {
  readonly saleId: string;
  readonly storeId: string;
  readonly terminalId: string;
  readonly at: string;
  readonly currency: string;
  readonly items: readonly { readonly text: string; readonly amount: bigint; readonly off: readonly Off[] }[];
  /** Of coupons on the purchase as a whole. */
  readonly off: readonly Off[];
  readonly originalAmount: bigint;
  readonly discount: bigint;
  readonly amount: bigint;
  /** Of the amount that was paid: given back on the first card later. */
  readonly credit?: bigint | undefined;
  readonly paid: readonly { readonly by: string; readonly amount: bigint; readonly note?: string }[];
  /** Besides money off: what the store hands over, or a scheme credits. */
  readonly benefits: readonly string[];
  readonly note?: string;
}

interface Off {
  readonly title: string;
  readonly amount: bigint;
}

export function receiptOf({ attempts }: Sale, approvals: readonly SettleReply[]): Receipt {
  const settled = approvals[0]!;
  const cash = approvals.at(-1)!.amountDue ?? 0n;
  const paid = approvals.map((approval) => paidBy(attempts, approval)).filter(({ amount }) => amount > 0n);
  return {
    ...outline(attempts[0]!.attemptId, attempts[0]!.body, atTheTill(settled.coupons)),
    originalAmount: settled.originalAmount,
    discount: settled.discount,
    amount: settled.amount,
    credit: settled.credit,
    paid: [...paid, ...(cash > 0n ? [{ by: 'cash', amount: cash }] : [])],
    benefits: settled.benefits.map(({ title, benefit }) => `${benefitText(benefit)} (${title})`),
  };
}

/** Without coupons: the terminal could not ask for them. */
export function offlineReceipt(attempt: Attempt, approvalCode: string): Receipt {
  const amount = BigInt(attempt.body.amount);
  return {
    ...outline(attempt.attemptId, attempt.body, []),
    originalAmount: amount,
    discount: 0n,
    amount,
    paid: [{ by: attempt.tender!, amount, note: `approval ${approvalCode}` }],
    benefits: [],
    note: 'Approved offline: no coupons were looked for.',
  };
}

/** Of a printed coupon: what is left to pay is taken in cash. */
export function scanReceipt({ scanId, purchase }: Scan, reply: ValidScan): Receipt {
  const { discount, credit, coupons } = reply;
  const originalAmount = originalAmountOf(purchase);
  const amount = originalAmount - discount;
  const body = { ...purchase, presentedAt: purchase.scannedAt };
  return {
    ...outline(scanId, body, atTheTill(coupons)),
    ...{ originalAmount, discount, amount },
    paid: [{ by: 'cash', amount }],
    benefits: [
      ...(credit > 0n ? [`${inMajorUnits(credit, purchase.currency)} credited later`] : []),
      ...coupons.flatMap(({ title, benefit }) => (benefit ? [`${benefitText(benefit)} (${title})`] : [])),
    ],
  };
}

/** What is credited later takes nothing off the price. */
const atTheTill = (coupons: readonly AppliedCoupon[]): AppliedCoupon[] =>
  coupons.filter(({ settledBy }) => settledBy !== 'statement-credit');

/** What the goods cost before coupons. */
export function originalAmountOf({ lines }: Scan['purchase']): bigint {
  return lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
}

type Outline = Pick<Attempt['body'], 'storeId' | 'terminalId' | 'presentedAt' | 'currency'> & {
  readonly lines?: Scan['purchase']['lines'] | undefined;
};

function outline(
  saleId: string,
  { storeId, terminalId, presentedAt: at, currency, lines = [] }: Outline,
  coupons: readonly AppliedCoupon[],
) {
  const offOf = (lineId: string): Off[] =>
    coupons.flatMap(({ title, lines }) =>
      lines.filter((line) => line.lineId === lineId).map(({ discount }) => ({ title, amount: discount })),
    );
  const items = lines.map(({ lineId, productId, quantity, unit, amount }) => ({
    text: `${productId} ${quantity}${unit === 'each' ? '' : ` ${unit}`}`,
    amount: BigInt(amount),
    off: offOf(lineId),
  }));
  const off = coupons
    .filter(({ lines, discount }) => lines.length === 0 && discount > 0n)
    .map(({ title, discount }) => ({ title, amount: discount }));
  return { saleId, storeId, terminalId, at, currency, items, off };
}

function paidBy(
  attempts: readonly Attempt[],
  { attemptId, amount, approvedAmount, authorization }: SettleReply,
) {
  const { tender = 'cash' } = attempts.find((attempt) => attempt.attemptId === attemptId)!;
  const note = authorization && `approval ${authorization.approvalCode}`;
  return { by: tender, amount: approvedAmount ?? amount, ...(note && { note }) };
}

function benefitText(benefit: SettleReply['benefits'][number]['benefit']): string {
  switch (benefit.kind) {
    case 'gift':
      return `${benefit.quantity} x ${benefit.productId}`;
    case 'points':
      return `${benefit.points} ${benefit.scheme} points`;
    case 'upgrade':
      return `upgrade to ${benefit.to}`;
    case 'ticket':
      return `ticket to ${benefit.event} for ${benefit.admits}`;
  }
}
