import type { Command } from 'commander';
import { exiting } from './exiting.ts';

export interface ExplainOptions {
  offers: string;
  basket: string;
  json: boolean;
}

export function addExplainCommand(couplet: Command): void {
  couplet
    .command('explain')
    .description('price a basket with one coupon of each offer: what applied, what did not, and why')
    .requiredOption(
      '--offers <file>',
      'offers as draft-offers takes them: a JSON array, or {"offers": [...]}',
    )
    .requiredOption(
      '--basket <file>',
      'JSON: {"currency": "USD", "lines": [...]}, lines as a till settles them',
    )
    .option('--json', 'the result as JSON, amounts in minor units', false)
    .addHelpText(
      'after',
      '\nThe basket may also say purpose, storeId, timeZone, presentedAt, mediumKinds and attributes, which the conditions of offers look at.',
    )
    .action(
      exiting((options: ExplainOptions) => import('./explain.ts').then(({ explain }) => explain(options))),
    );
}
