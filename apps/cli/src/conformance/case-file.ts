import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';

const Fields = z.record(z.string(), z.unknown());

const CheckCase = z.looseObject({
  id: z.string(),
  kind: z.string(),
  source: z.looseObject({ repo: z.string().optional() }).optional(),
  unit: z.enum(['major', 'minor']).optional(),
  dialect: z.union([z.string(), z.array(z.string())]).optional(),
  expected: Fields,
});

/** One case of the file; what is inside depends on its kind. */
export type CheckCase = z.output<typeof CheckCase>;

/** @throws DataError that says what is wrong with the file */
export async function readCases(file: string): Promise<CheckCase[]> {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new DataError(`Cannot read ${file}: ${(error as Error).message}`);
  }
  const parsed = z.object({ cases: z.array(CheckCase) }).safeParse(content);
  if (!parsed.success)
    throw new DataError(`${file} is not a file of cases: ${z.prettifyError(parsed.error)}`);
  return parsed.data.cases;
}
