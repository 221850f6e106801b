import { BasketLine, Currency, MediumKind, Name, Purpose, Timestamp } from '@couplet/contracts';
import { z } from 'zod';
import { parsed, readJson, refuseTwice } from '../preview/json-file.ts';

const BasketInFile = z.strictObject({
  currency: Currency,
  lines: z.array(BasketLine).max(1_000),
  purpose: Purpose.default('purchase'),
  storeId: Name.optional(),
  timeZone: z.string().optional(),
  presentedAt: Timestamp.optional().describe('Absent: the dates of offers are not looked at.'),
  mediumKinds: z.array(MediumKind).optional().describe('Absent: any that an offer may ask for.'),
  attributes: z.record(z.string(), z.string()).default({}).describe('Of the holder, for segments.'),
});

export type BasketOfFile = z.output<typeof BasketInFile>;

/** @throws DataError that names the file, and the field where there is one */
export async function readBasket(file: string): Promise<BasketOfFile> {
  const basket = parsed(file, BasketInFile, await readJson(file));
  refuseTwice(
    file,
    'line',
    basket.lines.map(({ lineId }) => lineId),
  );
  return basket;
}
