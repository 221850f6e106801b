import {
  CouponConsumedV1,
  CouponRolledBackV1,
  CouponsAcquiredV1,
  CouponsSearchedV1,
  ScanGrantedV1,
  ScanRolledBackV1,
  SettlementAbandonedV1,
  SettlementCapturedV1,
  SettlementCreditedV1,
  SettlementGrantedV1,
  SettlementRolledBackV1,
} from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';

export const DAY = '2017-03-26';
const AT = `${DAY}T17:22:21Z`;
const LATER = '2026-11-20T10:00:00Z';

const fact = <Contract extends { service: string }, Payload>(contract: Contract, payload: Payload) => ({
  contract,
  payload,
});

/** The events of one sale of 386 with a coupon worth 100, 60 of it paid by the manufacturer and 40 by the store. */
export function aSale(settlementId = uuidv7()) {
  const [couponId, offerId, holderId] = [uuidv7(), uuidv7(), uuidv7()];
  const funding = [
    { party: 'manufacturer:36200', amount: 60n },
    { party: 'store:309', amount: 40n },
  ];
  const basket = { lineId: '1', productId: '940996', quantity: '2', unit: 'each' };
  return {
    acquired: fact(CouponsAcquiredV1, {
      acquisitionId: uuidv7(),
      holderId,
      channel: 'web' as const,
      acquiredAt: AT,
      coupons: [{ couponId, offerId }],
    } satisfies CouponsAcquiredV1),
    searched: aSearch({
      searchId: settlementId,
      settlementId,
      holderIds: [holderId],
      result: 'found',
      offerIds: [offerId],
    }),
    granted: fact(SettlementGrantedV1, {
      settlementId,
      attemptId: uuidv7(),
      relay: 'sim',
      storeId: '309',
      terminalId: '4',
      presentedAt: AT,
      grantedAt: LATER,
      purpose: 'purchase',
      currency: 'USD',
      originalAmount: 386n,
      discount: 100n,
      amount: 286n,
      cardAmount: 286n,
      strategy: 'shrink',
      couponSearch: 'found',
      coupons: [
        {
          couponId,
          offerId,
          title: '1 off',
          discount: 100n,
          lines: [{ lineId: '1', discount: 100n }],
          funding,
        },
      ],
      lines: [{ ...basket, amount: 386n, discountable: true }],
    } satisfies SettlementGrantedV1),
    consumed: fact(CouponConsumedV1, {
      settlementId,
      couponId,
      offerId,
      holderId,
      attributes: { ageGroup: '35-44' },
      storeId: '309',
      purpose: 'purchase',
      presentedAt: AT,
      currency: 'USD',
      discount: 100n,
      lines: [{ ...basket, discount: 100n }],
      funding,
    } satisfies CouponConsumedV1),
    captured: fact(SettlementCapturedV1, {
      settlementId,
      authorizationId: uuidv7(),
      relay: 'sim',
      currency: 'USD',
      amount: 286n,
      capturedAt: LATER,
    } satisfies SettlementCapturedV1),
    rolledBack: fact(SettlementRolledBackV1, {
      settlementId,
      relay: 'sim',
      reason: 'cancelled' as const,
      couponIds: [couponId],
      rolledBackAt: LATER,
    } satisfies SettlementRolledBackV1),
    couponRolledBack: fact(CouponRolledBackV1, {
      settlementId,
      couponId,
      offerId,
      holderId,
      rolledBackAt: LATER,
    } satisfies CouponRolledBackV1),
  };
}

/** The events of one scanned sale: a coupon worth 100 paid in full and credited later, and one worth 50 off at the till. */
export function aCreditedScan(offerId = uuidv7()) {
  const [settlementId, scanId, codeId, holderId] = [uuidv7(), uuidv7(), uuidv7(), uuidv7()];
  const party = 'manufacturer:36200';
  const used = (couponId: string, offerId: string, discount: bigint, lineId: string) => ({
    ...{ couponId, offerId, discount, lines: [{ lineId, discount }], funding: [{ party, amount: discount }] },
  });
  const credited = used(uuidv7(), offerId, 100n, '1');
  const taken = used(uuidv7(), uuidv7(), 50n, '2');
  const consumed = ({ lines: [line], ...coupon }: typeof credited, productId: string) =>
    fact(CouponConsumedV1, {
      ...coupon,
      ...(coupon.couponId === credited.couponId && { settledBy: 'statement-credit' as const }),
      ...{ settlementId, holderId, attributes: {}, storeId: '309', purpose: 'purchase' },
      ...{ presentedAt: AT, currency: 'USD' },
      lines: [{ ...line!, productId, quantity: '1', unit: 'each' }],
    } satisfies CouponConsumedV1);
  const rolledBack = ({ couponId, offerId }: typeof credited) =>
    fact(CouponRolledBackV1, {
      ...{ settlementId, couponId, offerId, holderId, rolledBackAt: LATER },
    } satisfies CouponRolledBackV1);
  return {
    granted: fact(ScanGrantedV1, {
      ...{ settlementId, scanId, codeId, holderId, storeId: '309', terminalId: '4' },
      ...{
        scannedAt: AT,
        grantedAt: LATER,
        purpose: 'purchase',
        currency: 'USD',
        discount: 50n,
        credit: 100n,
      },
      coupons: [
        { ...credited, title: '1 back', settledBy: 'statement-credit' },
        { ...taken, title: '0.50 off' },
      ],
      lines: [],
    } satisfies ScanGrantedV1),
    consumed: consumed(credited, 'cereal'),
    consumedToo: consumed(taken, 'milk'),
    rolledBack: fact(ScanRolledBackV1, {
      ...{ settlementId, scanId, storeId: '309', rolledBackAt: LATER },
      couponIds: [credited.couponId, taken.couponId],
    } satisfies ScanRolledBackV1),
    couponRolledBack: rolledBack(credited),
    couponRolledBackToo: rolledBack(taken),
  };
}

/** The same of a scan that was final at once, of which no grant tells. */
export function aScanAtOnce(offerId = uuidv7()) {
  const { granted, consumed, consumedToo, ...rollBacks } = aCreditedScan(offerId);
  const { scanId, codeId, terminalId, discount, credit, grantedAt: usedAt } = granted.payload;
  const atOnce = ({ payload }: typeof consumed) =>
    fact(CouponConsumedV1, { ...payload, scan: { scanId, codeId, terminalId, usedAt, discount, credit } });
  return { consumed: atOnce(consumed), consumedToo: atOnce(consumedToo), ...rollBacks };
}

/** The events of a sale of 386 at its full price, of which the manufacturer gives back 100 on the card. */
export function aCreditedSale(offerId = uuidv7()) {
  const { granted, consumed, captured, couponRolledBack } = aSale();
  const { settlementId, couponId } = consumed.payload;
  const funding = [{ party: 'manufacturer:36200', amount: 100n }];
  const settledBy = 'statement-credit' as const;
  const [coupon] = granted.payload.coupons;
  return {
    granted: fact(SettlementGrantedV1, {
      ...granted.payload,
      ...{ discount: 0n, amount: 386n, cardAmount: 386n, credit: 100n },
      coupons: [{ ...coupon!, offerId, funding, settledBy }],
    }),
    consumed: fact(CouponConsumedV1, { ...consumed.payload, offerId, funding, settledBy }),
    captured: fact(SettlementCapturedV1, { ...captured.payload, amount: 386n }),
    credited: fact(SettlementCreditedV1, {
      ...{ settlementId, refundId: uuidv7(), relay: 'sim', currency: 'USD', amount: 100n },
      ...{ couponIds: [couponId], creditedAt: LATER },
    } satisfies SettlementCreditedV1),
    couponRolledBack: fact(CouponRolledBackV1, { ...couponRolledBack.payload, offerId }),
  };
}

export function aSearch(overrides: Partial<CouponsSearchedV1> = {}) {
  return fact(CouponsSearchedV1, {
    searchId: uuidv7(),
    holderIds: [],
    storeId: '309',
    purpose: 'purchase',
    presentedAt: AT,
    result: 'none',
    offerIds: [],
    ...overrides,
  } satisfies CouponsSearchedV1);
}

export function anAbandonment() {
  return fact(SettlementAbandonedV1, {
    settlementId: uuidv7(),
    relay: 'sim',
    reason: 'declined',
    storeId: '309',
    presentedAt: AT,
    abandonedAt: LATER,
  } satisfies SettlementAbandonedV1);
}

/** One sale without what undoes it. */
export function eventsOf({ acquired, searched, granted, consumed, captured }: ReturnType<typeof aSale>) {
  return [acquired, searched, granted, consumed, captured];
}
