import { EndOfDayV1 } from '@couplet/contracts';
import { z } from 'zod';
import { inMajorUnits } from '../terminal/money.ts';
import { asOperator } from './as-operator.ts';
import type { EndOfDayOptions } from './operator-options.ts';
import { table } from './table.ts';

type Day = z.output<typeof EndOfDayV1.reply>;

/** @returns the exit code: 1 when an attempt is not at rest yet */
export async function endOfDay({ from, to, store, relay, json }: EndOfDayOptions): Promise<number> {
  const request = {
    from: from.toISOString(),
    to: to.toISOString(),
    ...(store !== undefined && { storeId: store }),
    ...(relay !== undefined && { relay }),
  };
  const day = await asOperator((operator) => operator.ask(EndOfDayV1, request));
  const lines = json ? [JSON.stringify(z.encode(EndOfDayV1.reply, day))] : report(day);
  for (const line of lines) console.log(line);
  return day.open.length > 0 ? 1 : 0;
}

function report({ attempts, ends, totals, open }: Day): string[] {
  const endRows = ends.map(({ end, attempts }) => [end, String(attempts)]);
  const totalRows = totals.map(({ currency, ...amounts }) =>
    [amounts.granted, amounts.discount, amounts.captured, amounts.refunded]
      .map((amount) => inMajorUnits(amount, currency))
      .concat(currency),
  );
  const openRows = open.map(({ attemptId, storeId = '-', state }) => [attemptId, storeId, state]);
  return [
    `${attempts} attempts`,
    '',
    ...table(['End', 'Attempts'], endRows),
    '',
    ...table(['Granted', 'Discount', 'Captured', 'Refunded', 'Currency'], totalRows),
    ...totals.flatMap(({ credited, currency }) =>
      credited === undefined
        ? []
        : [
            `Of the refunds ${inMajorUnits(credited, currency)} ${currency} are coupons credited after the sale.`,
          ],
    ),
    '',
    ...(open.length > 0
      ? ['Not at rest, being tried now:', ...table(['Attempt', 'Store', 'State'], openRows)]
      : ['Everything is at rest.']),
  ];
}
