import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { luhnCheckDigit } from '../plan/cards.ts';
import type { Difference } from './difference.ts';
import type { Pool } from './read-facts.ts';

/** 13 to 19 digits that are not part of something longer, such as an id or a hash. */
const DIGITS = /(?<![\w.-])\d{13,19}(?![\w.-])/g;

/** Of a stream, not a message of it: thirty days in nanoseconds pass Luhn. */
const STREAM_SETTINGS = 'meta.inf';

/**
 * Looks for card numbers where none may be: in every row of every table of a service, and in every file of these folders, such
 * as logs and the store of the streams.
 */
export async function cardNumbersIn(admin: Pool, directories: readonly string[]): Promise<Difference[]> {
  const places = [...(await inTables(admin)), ...(await Promise.all(directories.map(inFiles))).flat()];
  return places.map((place) => ({
    rule: 'no-card-number-anywhere',
    settlementId: 'all',
    says: { [place]: 'holds a card number' },
  }));
}

/** Whether the text holds 13 to 19 digits that pass Luhn. */
export function holdsCardNumber(text: string): boolean {
  return (text.match(DIGITS) ?? []).some(passesLuhn);
}

async function inTables(admin: Pool): Promise<string[]> {
  const { rows: tables } = await admin.query<{ name: string }>(`
    SELECT format('%I.%I', table_schema, table_name) AS name FROM information_schema.tables
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`);
  const places: string[] = [];
  for (const { name } of tables) {
    const { rows } = await admin.query<{ text: string }>(
      `SELECT one::text AS text FROM ${name} AS one WHERE one::text ~ '[0-9]{13}'`,
    );
    if (rows.some(({ text }) => holdsCardNumber(text))) places.push(`table ${name}`);
  }
  return places;
}

async function inFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name !== STREAM_SETTINGS)
    .map(({ parentPath, name }) => path.join(parentPath, name));
  const places: string[] = [];
  for (const file of files) {
    if (holdsCardNumber(await readFile(file, 'latin1'))) places.push(`file ${file}`);
  }
  return places;
}

const passesLuhn = (digits: string): boolean => luhnCheckDigit(digits.slice(0, -1)) === digits.at(-1);
