import { v7 as uuidv7 } from 'uuid';
import type { SettlementEvent } from '../src/domain/decide.ts';
import type { Settlement, Terms } from '../src/domain/settlement.ts';

export const CANCEL: SettlementEvent = { kind: 'cancel', couponReturn: 'with-its-lines' };
/** At 286 of 386, by one coupon. */
export const aGrant = (): SettlementEvent => ({
  ...{ kind: 'grant', amount: 286n, couponSearch: 'found', strategy: 'shrink', authorization: 'approved' },
  approval: { approvalCode: 'A1', networkReference: 'r1' },
  coupons: [
    {
      ...{ couponId: uuidv7(), offerId: uuidv7(), title: 'Off', discount: 100n },
      lines: [{ lineId: '1', discount: 100n }],
      funding: [{ party: 'manufacturer:36200', amount: 100n }],
    },
  ],
  lines: [
    { lineId: '1', productId: '940996', quantity: '2', unit: 'each', amount: 386n, discountable: true },
  ],
  confirmBy: new Date('2030-01-01T00:00:00Z'),
  creditId: uuidv7(),
});

/** Begun, at 386, and its card is being asked. */
export function aSettlement(capture: Terms['capture'] = 'on-confirm'): Settlement {
  const deadlineAt = new Date('2030-01-01T00:00:00Z');
  return {
    ...{ settlementId: uuidv7(), relay: 'acme', attemptId: uuidv7(), fingerprint: 'f', deadlineAt },
    ...{ state: 'started', confirmed: false, version: 1 },
    terms: {
      ...{ storeId: '309', terminalId: '4', presentedAt: new Date('2017-03-26T17:22:21Z') },
      ...{ purpose: 'purchase', currency: 'USD', amount: 386n, capture },
    },
    authorizations: [
      {
        authorizationId: uuidv7(),
        ordinal: 1,
        state: 'sending',
        held: 386n,
        amount: 386n,
        expiresAt: deadlineAt,
      },
    ],
    refunds: [],
  };
}
