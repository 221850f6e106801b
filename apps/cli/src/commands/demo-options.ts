import { InvalidArgumentError, Option, type Command } from 'commander';
import { centsOf } from '../journey/dollars.ts';
import { MODES, type Mode } from '../plan/agenda.ts';
import { wholeNumber, wholeNumberOrZero } from './whole-number.ts';

export interface DemoOptions {
  data?: string;
  mode: Mode;
  report?: string;
  concurrency: number;
  limit?: number;
  unencodedValue?: bigint;
  storeMatchUpTo: bigint;
  keep: boolean;
}

export function addDemoOptions(command: Command): Command {
  return command
    .option('--data <dir>', 'folder in the Complete Journey format (default: a small invented sample)')
    .addOption(
      new Option(
        '--mode <mode>',
        'as-recorded: a household acquires a coupon on the day it redeemed it, so the result can be held against what tills ' +
          'recorded; as-couplet: every targeted household holds the coupons of its campaigns, and they apply by themselves',
      )
        .choices(MODES)
        .default('as-recorded' satisfies Mode),
    )
    .option('--report <file>', 'write the whole result as JSON')
    .option('--concurrency <n>', 'settlements at once', wholeNumber, 16)
    .option('--limit <n>', 'replay the first n baskets only', wholeNumber)
    .option(
      '--unencoded-value <dollars>',
      'what a coupon takes off whose code does not hold its value; without it such coupons are left out',
      dollars,
    )
    .addOption(
      new Option(
        '--store-match-up-to <cents>',
        "the store doubles a manufacturer's coupon up to this total; 0 for no match",
      )
        .argParser((text) => BigInt(wholeNumberOrZero(text)))
        .default(100n, '100'),
    )
    .option('--keep', 'leave databases, streams and logs, and say where', false);
}

function dollars(text: string): bigint {
  const cents = centsOf(text);
  if (!cents) throw new InvalidArgumentError('It must be dollars above zero, such as 1.00.');
  return cents;
}
