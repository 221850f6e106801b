import { inMajorUnits } from '../terminal/money.ts';
import type { ExplainedOffer, Explanation } from './explain.ts';
import { benefitInWords, WHY_NOT_LINE, WHY_REFUSED } from './words.ts';

/** For people, line by line. */
export function report(explanation: Explanation): string[] {
  const { currency, amount, discount, missedAtMost, offers } = explanation;
  const money = (value: bigint) => inMajorUnits(value, currency);
  return [
    `${money(amount)} ${currency}, less ${money(discount)}: to pay ${money(amount - discount)}`,
    missedAtMost === 0n
      ? 'No combination of these offers saves more.'
      : `Another combination may save up to ${money(missedAtMost)} more; the search ended at its budget.`,
    ...offers.flatMap((offer) => ['', ...reportOffer(offer, money)]),
  ];
}

/** Amounts in minor units. */
export function asJson({ offers, ...totals }: Explanation): string {
  const told = {
    ...totals,
    toPay: totals.amount - totals.discount,
    offers: offers.map(({ offerId, title, applied, refused, lines }) => ({
      offerId,
      title,
      outcome: applied ? 'applied' : 'refused',
      ...(refused && { reason: refused }),
      ...(applied && { discount: applied.discount, funding: applied.funding, benefit: applied.benefit }),
      lines: [...(applied?.lines ?? []), ...lines],
    })),
  };
  return JSON.stringify(told, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value), 2);
}

function reportOffer(
  { title, applied, refused, lines }: ExplainedOffer,
  money: (value: bigint) => string,
): string[] {
  const notLines = lines.map(({ lineId, reason }) => `  line ${lineId}: ${WHY_NOT_LINE[reason]}`);
  if (!applied) return [`${title}: does not apply, ${WHY_REFUSED[refused!]}`, ...notLines];
  const payers = applied.funding.map(({ party, amount }) => `${party} ${money(amount)}`);
  return [
    applied.discount > 0n
      ? `${title}: ${money(applied.discount)} off, paid by ${payers.join(' and ')}`
      : `${title}: applies`,
    ...(applied.benefit ? [`  gives ${benefitInWords(applied.benefit)}`] : []),
    ...applied.lines.map(({ lineId, discount }) => `  line ${lineId}: ${money(discount)} off`),
    ...notLines,
  ];
}
