import { writeFile } from 'node:fs/promises';
import { v7 as newId } from 'uuid';
import { DataError } from '../journey/data-error.ts';
import { mediaOf } from '../terminal/cards.ts';
import { findCoupons, printCoupon as printAt, type Layout } from '../terminal/print-coupon.ts';
import { EXIT_CODES, type FoundCoupon, type Step } from '../terminal/steps.ts';
import { TerminalInput } from './terminal-input.ts';
import type { PrintCouponOptions } from './terminal-options.ts';
import { tellStep, withLink } from './terminal-process.ts';

/** @returns the exit code: of a coupon that was not found that of a declined sale */
export async function printCoupon(options: PrintCouponOptions): Promise<number> {
  const { list, output, coupon: couponId, purpose, store: storeId, product } = options;
  const onScreen = !list && output === undefined && process.stdout.isTTY === true;
  if (onScreen) throw new DataError('What a printer is sent is not for a screen: give --output, or a pipe.');
  const media = mediaOf(await new TerminalInput(options).cards());
  if (media.length === 0) throw new DataError('Show a card: coupons are found by it.');
  // Where the coupon goes to standard output, nothing else may.
  const say = list || output !== undefined ? console.log : console.error;
  const tell = (step: Step) => tellStep(step, options, say);

  const code = await withLink(options, async (link) => {
    const terminal = { link, tell, newId: () => newId(), now: () => new Date() };
    const wish = { media, purpose, ...(storeId && { storeId }), ...(product && { productIds: [product] }) };
    const found = await findCoupons(wish, terminal);
    if (typeof found === 'string') return codeOf(found);
    const chosen = list ? undefined : choose(found, couponId);
    if (!chosen) {
      tell({ step: 'coupons', coupons: found });
      if (!list && found.length > 0) console.error('Which one is to be printed? Give --coupon.');
      return list ? EXIT_CODES.sold : EXIT_CODES.declined;
    }
    const print = await printAt(chosen, layoutOf(options), terminal);
    if (typeof print === 'string') return codeOf(print);
    if (output === undefined) process.stdout.write(print.bytes);
    else await writeFile(output, print.bytes);
    tell({ step: 'printed', codeId: print.codeId, coupon: chosen, validTo: print.validTo });
    return EXIT_CODES.sold;
  });
  return code ?? EXIT_CODES.unreachable;
}

function choose(found: readonly FoundCoupon[], couponId: string | undefined): FoundCoupon | undefined {
  if (couponId !== undefined) return found.find((coupon) => coupon.couponId === couponId.toLowerCase());
  return found.length === 1 ? found[0] : undefined;
}

function layoutOf({ symbology, paper, columns, onlyAt }: PrintCouponOptions): Layout {
  return {
    symbology,
    paper: paper === 'pdf' ? { format: 'pdf' } : { format: 'esc-pos', columns },
    ...(onlyAt && { storeIds: onlyAt }),
  };
}

function codeOf(answer: 'silence' | 'refused'): number {
  if (answer === 'refused') return EXIT_CODES.refused;
  console.error('There was no answer, and nothing was printed.');
  return EXIT_CODES.unreachable;
}
