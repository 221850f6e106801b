import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';

/** @throws DataError that names the file */
export async function readJson(file: string): Promise<unknown> {
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw new DataError(`${file} cannot be read: ${(error as Error).message}.`, { cause: error });
  });
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DataError(`${file} is no JSON: ${(error as Error).message}.`, { cause: error });
  }
}

/** @throws DataError that names the file, and the first field that does not fit */
export function parsed<T>(file: string, schema: z.ZodType<T>, content: unknown): T {
  const result = schema.safeParse(content);
  if (!result.success) throw new DataError(`${file}: ${explained(result.error)}`);
  return result.data;
}

/** @throws DataError that names the first id that is there twice */
export function refuseTwice(file: string, what: string, ids: readonly string[]): void {
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw new DataError(`${file}: the ${what} ${twice} is there twice.`);
}

/** The first thing that is wrong, and where: of the two forms the one that was meant. */
function explained({ issues: [issue] }: z.ZodError): string {
  if (issue?.code === 'invalid_union') {
    const [list, object] = issue.errors;
    const meant = list?.[0]?.path.length === 0 && object?.[0] ? object[0] : list?.[0];
    if (meant) return said(meant);
  }
  return said(issue!);
}

function said({ path, message }: { path: PropertyKey[]; message: string }): string {
  return path.length > 0 ? `${z.core.toDotPath(path)}: ${message}` : message;
}
