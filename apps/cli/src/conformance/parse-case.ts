import { z } from 'zod';
import type { CheckCase } from './case-file.ts';
import { NotExpressible } from './outcome.ts';

/** What every case may tell of itself; none of it is checked. */
const ABOUT = ['id', 'kind', 'source', 'unit', 'dialect', 'expected', 'note', 'derived'];

/** What a case of one kind gives; a field that the kind does not know would be passed over, so it is refused. */
export function parseCase<Schema extends z.ZodObject>(
  schema: Schema,
  checkCase: CheckCase,
): z.output<Schema> {
  const given = Object.fromEntries(Object.entries(checkCase).filter(([field]) => !ABOUT.includes(field)));
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  throw new NotExpressible(z.prettifyError(parsed.error).replaceAll('\n', ' '));
}

export function refuseUnknown(where: string, unknown: object): void {
  const fields = Object.keys(unknown);
  if (fields.length > 0) throw new NotExpressible(`${where}.${fields.join(', ')} is not known`);
}
