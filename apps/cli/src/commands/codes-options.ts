import { CODE_ALPHABETS, type CodeAlphabet } from '@couplet/contracts';
import { Option, type Command } from 'commander';
import { exiting } from './exiting.ts';
import { wholeNumber } from './whole-number.ts';

interface ByPerson {
  by: string;
}
export interface GenerateOptions extends ByPerson {
  offer: string;
  count: number;
  prefix: string;
  length: number;
  alphabet: CodeAlphabet;
  batch?: string;
  wait: boolean;
  json: boolean;
}
export interface StatusOptions {
  wait: boolean;
  json: boolean;
}
export interface ExportOptions extends ByPerson {
  out?: string;
}
export interface ImportOptions extends ByPerson {
  offer: string;
  column: string;
  batch?: string;
  json: boolean;
}

const ACCESS = '\nAs the operator: needs NATS_URL, NATS_USER and NATS_PASSWORD (each also as …_FILE).';

/** Unique codes of an offer: made, watched, and carried in and out as CSV. */
export function addCodesCommands(couplet: Command): void {
  const codes = couplet
    .command('codes')
    .description('unique codes of an offer, each good for one coupon')
    .addHelpText('after', ACCESS);

  byPerson(codes.command('generate'))
    .description('make codes; tells how hard they are to guess, and waits until all are there')
    .requiredOption('--offer <id>', 'whose codes')
    .requiredOption('--count <n>', 'how many', wholeNumber)
    .option('--prefix <text>', 'every code begins with it', '')
    .option('--length <n>', 'characters after the prefix', wholeNumber, 10)
    .addOption(
      new Option('--alphabet <name>', 'crockford: letters and digits that do not look alike; digits')
        .choices(Object.keys(CODE_ALPHABETS))
        .default('crockford'),
    )
    .option('--batch <id>', 'UUID of the batch, to repeat a request (default: a new one)')
    .option('--no-wait', 'return at once; `codes status` tells the rest')
    .option('--json', 'the status as JSON', false)
    .action(exiting((options: GenerateOptions) => load().then(({ generate }) => generate(options))));

  codes
    .command('status')
    .description('how far a batch is')
    .argument('<batch>', 'its id')
    .option('--wait', 'until all codes are there', false)
    .option('--json', 'as JSON', false)
    .action(
      exiting((batch: string, options: StatusOptions) => load().then(({ status }) => status(batch, options))),
    );

  byPerson(codes.command('export'))
    .description('the codes of a batch as CSV: code, claimed_at. Whoever has a code can use it')
    .argument('<batch>', 'its id')
    .option('--out <file>', 'where to (default: standard output)')
    .action(
      exiting((batch: string, options: ExportOptions) =>
        import('./codes-csv.ts').then(({ exportCsv }) => exportCsv(batch, options)),
      ),
    );

  byPerson(codes.command('import'))
    .description('bring codes made elsewhere; ends with 1 if a line was refused, and names each')
    .argument('<file>', 'CSV with a heading, plain (.csv) or gzipped (.csv.gz)')
    .requiredOption('--offer <id>', 'whose codes')
    .option('--column <name>', 'of the codes', 'code')
    .option('--batch <id>', 'UUID of the batch, to go on with an import (default: a new one)')
    .option('--json', 'the result as JSON', false)
    .action(
      exiting((file: string, options: ImportOptions) =>
        import('./codes-csv.ts').then(({ importCsv }) => importCsv(file, options)),
      ),
    );
}

function byPerson(command: Command): Command {
  return command.requiredOption('--by <who>', 'who does it, for the audit trail');
}

function load() {
  return import('./codes.ts');
}
