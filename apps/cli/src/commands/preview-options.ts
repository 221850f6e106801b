import { TimeZone } from '@couplet/contracts';
import { type Command, InvalidArgumentError } from 'commander';
import { exiting } from './exiting.ts';

export interface PreviewOptions {
  offers: string;
  data?: string;
  dates: boolean;
  timeZone: string;
  json: boolean;
}

export function addPreviewCommand(couplet: Command): void {
  couplet
    .command('preview')
    .description(
      'what offers would have done to past baskets, if every household had held one coupon of each at every basket',
    )
    .requiredOption(
      '--offers <file>',
      'offers as draft-offers takes them: a JSON array, or {"offers": [...]}',
    )
    .option('--data <dir>', 'folder in the Complete Journey format (default: a small invented sample)')
    .option('--dates', 'heed validFrom and validTo; else offers count as open throughout', false)
    .option('--time-zone <zone>', 'of the stores, for hours and local times', zone, 'America/New_York')
    .option('--json', 'the result as JSON, amounts in minor units', false)
    .action(
      exiting((options: PreviewOptions) => import('./preview.ts').then(({ preview }) => preview(options))),
    );
}

function zone(text: string): string {
  if (!TimeZone.safeParse(text).success) {
    throw new InvalidArgumentError('It must be an IANA time zone, such as America/New_York.');
  }
  return text;
}
