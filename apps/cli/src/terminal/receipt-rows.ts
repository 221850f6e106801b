import { inMajorUnits } from './money.ts';
import type { Receipt } from './receipt.ts';

export type Row =
  | { readonly kind: 'centred' | 'plain'; readonly text: string }
  | { readonly kind: 'sum' | 'total'; readonly text: string; readonly amount: string }
  | { readonly kind: 'rule' };

/** What stands on a receipt from top to bottom, whatever prints it. */
export function receiptRows(receipt: Receipt): Row[] {
  const { currency } = receipt;
  const sum = (text: string, amount: bigint, kind: 'sum' | 'total' = 'sum'): Row => ({
    kind,
    text: printable(text),
    amount: inMajorUnits(amount, currency),
  });
  const off = ({ title, amount }: Receipt['off'][number]) => sum(`  ${title}`, -amount);
  return [
    { kind: 'centred', text: `Store ${receipt.storeId}, terminal ${receipt.terminalId}` },
    { kind: 'centred', text: receipt.at.replace('T', ' ').replace(/\.\d+/, '') },
    { kind: 'rule' },
    ...receipt.items.flatMap(({ text, amount, off: taken }) => [sum(text, amount), ...taken.map(off)]),
    ...receipt.off.map(off),
    { kind: 'rule' },
    ...(receipt.discount > 0n
      ? [sum('Before coupons', receipt.originalAmount), sum('Coupons', -receipt.discount)]
      : []),
    sum(`TOTAL ${currency}`, receipt.amount, 'total'),
    ...receipt.paid.flatMap(({ by, amount, note }): Row[] => [
      sum(`Paid by ${by}`, amount),
      ...(note ? [{ kind: 'plain' as const, text: printable(`  ${note}`) }] : []),
    ]),
    ...(receipt.credit ? [sum('To be credited to your card', receipt.credit)] : []),
    ...receipt.benefits.map((benefit): Row => ({ kind: 'plain', text: printable(`You get ${benefit}`) })),
    ...(receipt.note ? [{ kind: 'plain' as const, text: receipt.note }] : []),
    { kind: 'rule' },
    { kind: 'plain', text: `Sale ${receipt.saleId}` },
  ];
}

/** Titles are others' text: to a printer or a screen some characters are commands. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, ' ');
}
