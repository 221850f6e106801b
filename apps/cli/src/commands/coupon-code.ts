import { WriteCouponCodeV1 } from '@couplet/contracts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { exiting } from './exiting.ts';

interface CouponCodeOptions {
  upcA?: { manufacturer: string; family: string };
  like?: string;
}

/** An offer as the code that is printed on a paper coupon; alone on standard output, for a pipe. */
export function addCouponCodeCommand(couplet: Command): void {
  couplet
    .command('coupon-code')
    .description('write an offer as the code of a paper coupon; refused by each term that it cannot say')
    .argument('<offer>', 'its id')
    .addOption(
      new Option('--upc-a <manufacturer/family>', 'UPC-A, such as 36200/123')
        .argParser(manufacturerAndFamily)
        .conflicts('like'),
    )
    .option(
      '--like <digits>',
      'GS1 AI (8110): company, offer code, families and serial are those of this string, without the AI',
    )
    .addHelpText(
      'after',
      '\nAs the operator: needs NATS_URL, NATS_USER and NATS_PASSWORD (each also as …_FILE).',
    )
    .action((offerId: string, options: CouponCodeOptions, command: Command) => {
      if (!options.upcA && options.like === undefined) command.error('error: give --upc-a or --like');
      return exiting(couponCode)(offerId, options);
    });
}

async function couponCode(offerId: string, { upcA, like }: CouponCodeOptions): Promise<number> {
  const { asOperator } = await import('./as-operator.ts');
  const as = upcA ? { kind: 'upc-a', ...upcA } : { kind: 'gs1-8110', like };
  const request = WriteCouponCodeV1.request.parse({ offerId, as });
  const { code } = await asOperator((operator) => operator.ask(WriteCouponCodeV1, request));
  console.log(code);
  return 0;
}

function manufacturerAndFamily(text: string): { manufacturer: string; family: string } {
  const [, manufacturer, family] = /^(\d{5})\/(\d{3})$/.exec(text) ?? [];
  if (!manufacturer || !family)
    throw new InvalidArgumentError('It must be 5 and 3 digits, such as 36200/123.');
  return { manufacturer, family };
}
