import { createWriteStream } from 'node:fs';
import { once } from 'node:events';
import { finished } from 'node:stream/promises';
import { ExportCodesV1, ImportCodesV1 } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import { readCsv } from '../journey/read-table.ts';
import type { Operator } from '../replay/operator.ts';
import { asOperator } from './as-operator.ts';
import type { ExportOptions, ImportOptions } from './codes-options.ts';
import { Progress } from './progress.ts';

const EXPORT_PAGE = 5_000;
const IMPORT_PART = 5_000;

/**
 * Writes a batch page by page, as fast as it is taken.
 *
 * @returns the exit code
 */
export async function exportCsv(batchId: string, { by, out }: ExportOptions): Promise<number> {
  const progress = new Progress(process.stderr);
  const file = out === undefined ? process.stdout : createWriteStream(out, { mode: 0o600 });
  const write = async (text: string) => {
    if (!file.write(text)) await once(file, 'drain');
  };
  let written = 0;
  await asOperator(async (operator) => {
    await write('code,claimed_at\n');
    for (let after: string | undefined; ;) {
      const page = { batchId, requestedBy: by, limit: EXPORT_PAGE, ...(after !== undefined && { after }) };
      const { codes, more } = await operator.ask(ExportCodesV1, page);
      await write(codes.map(({ code, claimedAt = '' }) => `${code},${claimedAt}\n`).join(''));
      progress.step(`${(written += codes.length)} codes`);
      if (!more) return;
      after = codes.at(-1)!.code;
    }
  });
  if (out !== undefined) {
    file.end();
    await finished(file);
    progress.line(`${written} codes written to ${out}`);
  } else progress.clear();
  return 0;
}

/**
 * Reads a file of any length part by part. What was imported before it broke off is not imported twice.
 *
 * @returns the exit code: 1 when a line was refused
 * @throws DataError for a file that cannot be read
 */
export async function importCsv(file: string, options: ImportOptions): Promise<number> {
  const progress = new Progress(process.stderr);
  const batchId = options.batch ?? uuidv7();
  const total = { batchId, imported: 0, known: 0, refused: 0 };
  await asOperator(async (operator) => {
    let part: CodeLine[] = [];
    const flush = async () => {
      if (part.length === 0) return;
      const { imported, known, refused } = await importPart(operator, part, { batchId, ...options });
      total.imported += imported;
      total.known += known;
      total.refused += refused.length;
      for (const { index, reason } of refused) progress.line(`line ${part[index]!.line}: ${reason}`);
      progress.step(`${total.imported + total.known + total.refused} lines`);
      part = [];
    };
    await readCsv(file, [options.column], async (row) => {
      part.push({ line: row.line, code: row.text(options.column) });
      if (part.length === IMPORT_PART) await flush();
    });
    await flush();
  });
  progress.clear();
  const { imported, known, refused } = total;
  console.log(
    options.json
      ? JSON.stringify(total)
      : `Batch ${batchId}: ${imported} codes imported, ${known} there before, ${refused} refused.`,
  );
  return refused > 0 ? 1 : 0;
}

interface CodeLine {
  line: number;
  code: string;
}

function importPart(
  operator: Operator,
  part: readonly CodeLine[],
  { batchId, offer: offerId, by: requestedBy }: { batchId: string; offer: string; by: string },
) {
  const codes = part.map(({ code }) => code);
  return operator.ask(ImportCodesV1, { batchId, requestedBy, offerId, codes });
}
