import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { CsvError, parse } from 'csv-parse';
import { DataError } from './data-error.ts';
import { Row } from './row.ts';

/**
 * Reads one table of a data folder, row by row: `<name>.csv`, or `<name>.csv.gz`.
 *
 * @throws DataError if the file or one of `columns` is missing, or a row does not fit; also whatever `read` throws by way of {@link Row}
 */
export async function readTable(
  directory: string,
  name: string,
  columns: readonly string[],
  read: (row: Row) => void,
): Promise<void> {
  await readCsv(await fileOf(directory, name), columns, read);
}

/**
 * Reads a CSV file row by row, plain or gzipped; the next row waits until one is dealt with.
 *
 * @throws DataError as {@link readTable}
 */
export async function readCsv(
  file: string,
  columns: readonly string[],
  read: (row: Row) => void | Promise<void>,
): Promise<void> {
  const shown = path.basename(file);
  const parser = parse({
    bom: true,
    info: true,
    columns: (header: string[]) => checked(header, columns, shown),
  });
  let refused: unknown;
  const readAll = async (rows: AsyncIterable<Parsed>) => {
    for await (const { record, info } of rows) {
      try {
        await read(new Row(shown, info.lines, record));
      } catch (error) {
        throw (refused = error); // The pipeline may report its own abort instead.
      }
    }
  };
  try {
    if (file.endsWith('.gz')) await pipeline(createReadStream(file), createGunzip(), parser, readAll);
    else await pipeline(createReadStream(file), parser, readAll);
  } catch (error) {
    const cause = refused ?? error;
    throw cause instanceof DataError ? cause : new DataError(explain(cause, shown), { cause });
  }
}

interface Parsed {
  record: Record<string, string>;
  info: { lines: number };
}

async function fileOf(directory: string, name: string): Promise<string> {
  for (const file of [`${name}.csv`, `${name}.csv.gz`].map((base) => path.join(directory, base))) {
    if (await exists(file)) return file;
  }
  throw new DataError(
    `${directory} has neither ${name}.csv nor ${name}.csv.gz. --data names a folder in the Complete Journey format; ` +
      'leave it out to use the sample that comes with the project.',
  );
}

async function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function checked(header: string[], columns: readonly string[], file: string): string[] {
  const missing = columns.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new DataError(
      `${file}, line 1: the column ${missing.join(', ')} is missing. Name the columns on the first line: ${columns.join(',')}.`,
    );
  }
  return header;
}

function explain(error: unknown, file: string): string {
  if (error instanceof CsvError && error.code === 'CSV_RECORD_INCONSISTENT_COLUMNS') {
    const { lines, record } = error as unknown as { lines: number; record: string[] };
    return `${file}, line ${lines}: it has ${record.length} fields, the first line has another number. Complete the line or remove it.`;
  }
  const reason = (error as { message?: string }).message ?? String(error);
  return `${file} cannot be read: ${reason}. Give the file as CSV, plain (.csv) or compressed by gzip (.csv.gz).`;
}
