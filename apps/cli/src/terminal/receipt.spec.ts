import type { SettleReply } from '@couplet/contracts';
import { attemptOf } from './attempt.ts';
import type { Sale } from './book.ts';
import { readCards } from './cards.ts';
import { receiptEscPos, receiptText } from './print-receipt.ts';
import { offlineReceipt, receiptOf } from './receipt.ts';
import { receiptRows } from './receipt-rows.ts';

const [FIRST, SECOND] = ['01a1fcae-60a4-726a-9a5a-1fb129666d55', '01a1fcae-60a4-726a-9a5a-1fb129666d56'];
const OFFER = { couponId: FIRST, offerId: FIRST, funding: [] };
const CARDS = readCards('4111111111111111\ndebit-card 5105105105105100');

describe('the receipt', () => {
  it('shows the price, every discount under its line, what is paid, and by what', () => {
    expect(printed([reply({})])).toBe(
      `          Store 309, terminal 4
           2026-11-21 05:57:28Z
------------------------------------------
cereal 2                              3.86
  1.00 off cereal                    -1.00
tomatoes 0.355 kg                     2.10
------------------------------------------
Before coupons                        5.96
Coupons                              -1.00
TOTAL USD                             4.96
Paid by credit card ****1111          4.96
  approval 326727
------------------------------------------
Sale ${FIRST}
`,
    );
  });

  it('shows a partial approval with the card that paid the rest, and benefits', () => {
    const partly = reply({
      approvedAmount: 200n,
      amountDue: 296n,
      benefits: [
        { ...OFFER, title: 'Breakfast club', benefit: { kind: 'gift', productId: 'mug', quantity: 1 } },
        { ...OFFER, title: 'Points', benefit: { kind: 'points', scheme: 'grocer', points: 50 } },
      ],
    });
    const rest = reply({ attemptId: SECOND, amount: 296n, coupons: [], discount: 0n });
    expect(printed([partly, rest])).toContain(
      `TOTAL USD                             4.96
Paid by credit card ****1111          2.00
  approval 326727
Paid by debit card ****5100           2.96
  approval 326727
You get 1 x mug (Breakfast club)
You get 50 grocer points (Points)
---`,
    );
  });

  it('shows the whole price as paid, no discount, and what comes back on the card', () => {
    const credit = { ...OFFER, title: '1.00 back', discount: 100n, settledBy: 'statement-credit' as const };
    const coupons = [{ ...credit, lines: [{ lineId: '1', discount: 100n }] }];
    const text = printed([reply({ discount: 0n, amount: 596n, credit: 100n, coupons })]);
    expect(text).toContain(
      `tomatoes 0.355 kg                     2.10
------------------------------------------
TOTAL USD                             5.96
Paid by credit card ****1111          5.96
  approval 326727
To be credited to your card           1.00
---`,
    );
    expect(text).not.toContain('1.00 back');
  });

  it('says what is due in cash', () => {
    expect(printed([reply({ approvedAmount: 200n, amountDue: 296n })])).toContain(
      'Paid by cash                          2.96\n',
    );
  });

  it('has no line of coupons when there were none, and shows one on the purchase as a whole under the lines', () => {
    const none = reply({ discount: 0n, amount: 596n, coupons: [] });
    expect(printed([none])).not.toMatch(/coupon/i);
    const whole = { ...OFFER, title: '0.96 off', discount: 96n, lines: [] };
    expect(printed([reply({ discount: 96n, amount: 500n, coupons: [whole] })])).toContain(
      'tomatoes 0.355 kg                     2.10\n  0.96 off                           -0.96\n---',
    );
  });

  it('says of an offline approval that no coupons were looked for', () => {
    const text = receiptText(receiptRows(offlineReceipt(sale().attempts[0]!, 'OFF42')));
    expect(text).toContain('Paid by credit card ****1111          5.96\n  approval OFF42\nApproved offline');
  });

  it('wraps long titles and passes no command in them to the printer', () => {
    const title = `One dollar off every cereal of the National brand, this week only\u001b@`;
    const coupon = { ...OFFER, title, discount: 100n, lines: [{ lineId: '1', discount: 100n }] };
    const text = printed([reply({ coupons: [coupon] })]);
    expect(text).toContain(
      '  One dollar off every cereal of the\n  National brand, this week only @   -1.00\n',
    );
    expect(Math.max(...text.split('\n').map(({ length }) => length))).toBe(42);
  });

  it('is the same in ESC/POS: begins with a reset, ends with a cut, shows the sale as a QR code', () => {
    const bytes = Buffer.from(receiptEscPos(receiptRows(receiptOf(sale(), [reply({})])), FIRST!));
    expect(bytes.subarray(0, 2)).toEqual(Buffer.from('\u001b@', 'latin1'));
    expect(bytes.includes(Buffer.from('\u001bE\u0001TOTAL USD', 'latin1'))).toBe(true);
    expect(bytes.includes(Buffer.from('  1.00 off cereal                    -1.00', 'latin1'))).toBe(true);
    expect(bytes.includes(Buffer.from(`\u001d(k\u0027\u0000\u0031\u0050\u0030${FIRST}`, 'latin1'))).toBe(
      true,
    );
    expect(bytes.subarray(-5)).toEqual(Buffer.from('\u001dV\u0000\n\r', 'latin1'));
    expect(bytes.includes('411111')).toBe(false);
  });
});

function printed(approvals: SettleReply[]): string {
  return receiptText(receiptRows(receiptOf(sale(), approvals)));
}

function sale(): Sale {
  const line = { unit: 'each', discountable: true };
  const purchase = {
    ...{ attemptId: FIRST!, storeId: '309', terminalId: '4', purpose: 'purchase', currency: 'USD' },
    ...{ presentedAt: '2026-11-21T05:57:28.123Z', amount: 596 },
    lines: [
      { ...line, lineId: '1', productId: 'cereal', quantity: '2', amount: 386 },
      { ...line, lineId: '2', productId: 'tomatoes', quantity: '0.355', unit: 'kg', amount: 210 },
    ],
  };
  const attempts = [
    attemptOf(purchase, 0, CARDS),
    attemptOf({ ...purchase, attemptId: SECOND!, lines: [] }, 1, CARDS),
  ];
  return { saleId: FIRST!, attempts, due: 'cash', onApproval: 'confirm' };
}

function reply(changes: Partial<SettleReply>): SettleReply {
  const coupon = { ...OFFER, title: '1.00 off cereal', discount: 100n };
  return {
    ...{
      attemptId: FIRST!,
      settlementId: FIRST!,
      outcome: 'approved',
      currency: 'USD',
      couponSearch: 'found',
    },
    ...{ originalAmount: 596n, discount: 100n, amount: 496n, benefits: [] },
    coupons: [{ ...coupon, lines: [{ lineId: '1', discount: 100n }] }],
    authorization: { approvalCode: '326727', networkReference: 'n', strategy: 'shrink' },
    ...changes,
  };
}
