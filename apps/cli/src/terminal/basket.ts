import { BasketLine } from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import { minorUnitsOf } from './money.ts';

export type BasketLines = z.output<typeof BasketLine>[];

const NO_COUPONS = 'no-coupons';

/** Lines as the contract has them; what may be left out is numbered, a piece, and open to coupons. */
const Basket = z.object({
  lines: z.array(
    BasketLine.extend({
      lineId: BasketLine.shape.lineId.optional(),
      unit: BasketLine.shape.unit.default('each'),
      discountable: BasketLine.shape.discountable.default(true),
    }),
  ),
});

/**
 * A basket as a till writes it: JSON (lines, or an object with `lines`; amounts in minor units), or one line of text for
 * each: `productId quantity amount`, such as `cereal 2 3.86`, `tomatoes 0.355kg 2.10` or `deposit 1 0.25 no-coupons`.
 *
 * @throws DataError that names the line
 */
export function readBasket(text: string, currency: string): BasketLines {
  return /^\s*[[{]/.test(text) ? fromJson(text) : fromText(text, currency);
}

function fromJson(text: string): BasketLines {
  const json = parseJson(text);
  const basket = Basket.safeParse(Array.isArray(json) ? { lines: json } : json);
  if (!basket.success) throw new DataError(`The basket does not fit:\n${z.prettifyError(basket.error)}`);
  return basket.data.lines.map((line, index) => ({ ...line, lineId: line.lineId ?? String(index + 1) }));
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`The basket is not JSON: ${(error as Error).message}`);
  }
}

function fromText(text: string, currency: string): BasketLines {
  const written = text.split('\n').filter((line) => line.trim() !== '');
  return written.map((line, index) => {
    const [productId, quantity = '', price = '', noCoupons, ...rest] = line.trim().split(/\s+/);
    const measure = /^(?<number>\d+(?:\.\d+)?)(?<unit>[a-zA-Z]*)$/.exec(quantity)?.groups;
    const amount = minorUnitsOf(price, currency);
    const read =
      measure && amount !== undefined && rest.length === 0 && [undefined, NO_COUPONS].includes(noCoupons)
        ? BasketLine.safeParse({
            lineId: String(index + 1),
            productId,
            quantity: measure['number'],
            unit: measure['unit'] || 'each',
            amount: Number(amount),
            discountable: noCoupons === undefined,
          })
        : undefined;
    if (read?.success) return read.data;
    throw new DataError(
      `Basket line ${index + 1} is "${line.trim()}"; it must be like "cereal 2 3.86", "tomatoes 0.355kg 2.10" or "deposit 1 0.25 ${NO_COUPONS}", in ${currency} with every digit.`,
    );
  });
}
