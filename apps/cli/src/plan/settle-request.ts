import type { BasketLine, SettleV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { Journey, Receipt, ReceiptLine } from '../journey/types.ts';
import { paymentCardOf } from './cards.ts';
import { pointCardOf } from './holders.ts';
import { idOf } from './ids.ts';
import { CURRENCY } from './offers.ts';

/** As it goes over the wire: plain JSON, amounts as integers. */
export type SettleBody = z.input<typeof SettleV1.request>;

/** Receipts count fuel in thousandths of a gallon. */
const FUEL_DEPARTMENT = 'FUEL';

/** What a till asks about a receipt: its lines at the price before coupons, the point card, and the payment card if there is something to pay. */
export function settleRequestOf(receipt: Receipt, products: Journey['products']): SettleBody {
  const amount = receipt.lines.reduce((sum, line) => sum + line.amount, 0n);
  const card = { kind: 'credit-card' as const, id: paymentCardOf(receipt.householdId) };
  return {
    attemptId: attemptIdOf(receipt),
    storeId: receipt.storeId,
    terminalId: '1', // The data does not say which.
    presentedAt: receipt.at.toISOString(),
    ...(amount > 0n && { payment: card }),
    media: [pointCardOf(receipt.householdId)],
    purpose: 'purchase',
    currency: CURRENCY,
    amount: Number(amount),
    lines: receipt.lines.map((line) => lineOf(line, products.get(line.productId)?.department)),
  };
}

function attemptIdOf({ basketId, at }: Pick<Receipt, 'basketId' | 'at'>): string {
  return idOf('basket', basketId, at.toISOString());
}

function lineOf(line: ReceiptLine, department: string | undefined): z.input<typeof BasketLine> {
  const { lineId, productId } = line;
  const amount = Number(line.amount);
  return department === FUEL_DEPARTMENT
    ? { lineId, productId, quantity: thousandth(line.quantity), unit: 'gal', amount, discountable: false }
    : { lineId, productId, quantity: line.quantity, unit: 'each', amount, discountable: true };
}

function thousandth(quantity: string): string {
  const [whole = '0', fraction = ''] = quantity.split('.');
  const digits = whole.padStart(4, '0');
  return `${digits.slice(0, -3)}.${digits.slice(-3)}${fraction}`.replace(/\.?0+$/, '');
}
