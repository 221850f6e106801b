import { z } from 'zod';
import { request } from '../contract.ts';
import { BasketLine, Currency, Id, MinorAmount, Name, Purpose, Timestamp } from '../values.ts';
import { ReserveCouponsV1 } from './reserve-coupons.v1.ts';

/** The scan of a bar code, as the use of its coupons names it. */
export const ScanOfUse = z.object({ scanId: Id, codeId: Id, terminalId: Name });
export type ScanOfUse = z.output<typeof ScanOfUse>;

/**
 * Reserves and ends in one: for a sale that nobody can decline any more. Finds the best of the coupons that a holder shows and
 * uses them up, in one transaction keyed by settlementId; a repeat gets the stored answer. A roll-back gives them back; one
 * that comes first leaves nothing to use.
 */
export const UseCouponsV1 = request({
  service: 'medium-registry',
  verb: 'use-coupons',
  version: 1,
  callers: ['barcode'],
  summary: 'Price and use the coupons that a holder shows, in one commit.',
  request: z.object({
    settlementId: Id,
    held: z
      .object({ holderId: Id, couponIds: z.array(Id).min(1).max(16) })
      .describe('Coupons of one holder, who shows them by a bar code.'),
    scan: ScanOfUse,
    purpose: Purpose,
    storeId: Name,
    presentedAt: Timestamp,
    currency: Currency,
    amount: MinorAmount,
    lines: z.array(BasketLine).max(1_000),
  }),
  reply: ReserveCouponsV1.reply,
});
