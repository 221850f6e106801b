import { Argument, Option, type Command } from 'commander';
import { instant } from './instant.ts';
import { exiting } from './exiting.ts';

export interface CloseOptions {
  as?: 'captured' | 'reversed' | 'refunded';
  by: string;
  note: string;
  json: boolean;
}

export interface EndOfDayOptions {
  from: Date;
  to: Date;
  store?: string;
  relay?: string;
  json: boolean;
}

const ACCESS = '\nAs the operator: needs NATS_URL, NATS_USER and NATS_PASSWORD (each also as …_FILE).';

/** What an operator does about settlements that did not end by themselves. */
export function addOperatorCommands(couplet: Command): void {
  const cases = couplet
    .command('cases')
    .description('what needs a person: what a card network refused, contradicted, or does not answer')
    .addHelpText('after', ACCESS);

  cases
    .command('list', { isDefault: true })
    .description('all of them, the oldest first; ends with 1 if there is one')
    .option('--json', 'one JSON object for each', false)
    .action(exiting((options: { json: boolean }) => load().then(({ listCases }) => listCases(options))));

  cases
    .command('show')
    .description('what is known of one')
    .argument('<case>', 'its id')
    .option('--json', 'as a JSON object', false)
    .action(
      exiting((caseId: string, options: { json: boolean }) =>
        load().then(({ showCase }) => showCase(caseId, options)),
      ),
    );

  cases
    .command('close')
    .description('do what a person decided; who and why is kept')
    .argument('<case>', 'its id')
    .addArgument(
      new Argument(
        '<action>',
        'retry: ask the card network once more; cancel: reverse or refund; settled: it was done by hand',
      ).choices(['retry', 'cancel', 'settled']),
    )
    .addOption(
      new Option('--as <end>', 'with settled: what was done by hand').choices([
        'captured',
        'reversed',
        'refunded',
      ]),
    )
    .requiredOption('--by <who>', 'who decided')
    .requiredOption('--note <why>', 'why')
    .option('--json', 'the answer as JSON', false)
    .action(
      exiting((caseId: string, action: 'retry' | 'cancel' | 'settled', options: CloseOptions) =>
        load().then(({ closeCase }) => closeCase(caseId, action, options)),
      ),
    );

  couplet
    .command('end-of-day')
    .description(
      'how the attempts of a span of time ended; tries at once what is open; ends with 1 if something is',
    )
    .requiredOption('--from <time>', 'such as 2026-11-20T00:00:00Z', instant)
    .requiredOption('--to <time>', 'not included', instant)
    .option('--store <id>', 'of this store only')
    .option('--relay <name>', 'of this relay only')
    .option('--json', 'the answer as JSON', false)
    .addHelpText('after', ACCESS)
    .action(
      exiting((options: EndOfDayOptions) =>
        import('./end-of-day.ts').then(({ endOfDay }) => endOfDay(options)),
      ),
    );
}

function load() {
  return import('./cases.ts');
}
