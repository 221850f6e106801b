import { SettleV1 } from '@couplet/contracts';
import type { PastBasket } from '@couplet/offers';
import { z } from 'zod';
import type { Journey, Receipt } from '../journey/types.ts';
import { settleRequestOf } from '../plan/settle-request.ts';

/** A receipt as the engine sees it when the till asks. */
export function pastBasketOf(
  receipt: Receipt,
  { products, demographics }: Pick<Journey, 'products' | 'demographics'>,
  timeZone: string,
): PastBasket {
  const { householdId, storeId, at } = receipt;
  const { purpose, currency, lines } = z.decode(SettleV1.request, settleRequestOf(receipt, products));
  return {
    atMs: at.getTime(),
    storeId,
    timeZone,
    purpose,
    holder: { holderId: householdId, attributes: demographics.get(householdId) ?? {} },
    currency,
    lines: lines ?? [],
  };
}
