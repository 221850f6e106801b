import { z } from 'zod';
import { Benefit } from './benefit.ts';
import { checkTerms } from './offer-terms-checks.ts';
import { BasisPoints, Currency, MinorAmount, Name, Quantity } from './values.ts';

const Pieces = z.int().min(1).max(1_000);

const RequiredSet = z.object({
  productIds: z.array(Name).min(1).max(20_000),
  quantity: Pieces.describe('Pieces of these products that must be in the basket.'),
  quantityMax: Pieces.optional().describe(
    'Pieces that the offer takes at most where more are there. Absent: no more than it requires.',
  ),
  measure: z
    .object({ unit: Name, atLeast: Quantity })
    .optional()
    .describe(
      'Sold by weight, volume or length: the pieces measure together at least so much, such as 0.5 kg.',
    ),
  spendMin: MinorAmount.optional().describe('The pieces cost together at least so much before coupons.'),
});

const Selection = z
  .object({
    productIds: z.array(Name).min(1).max(20_000).optional(),
    unitPriceMin: MinorAmount.optional().describe('Price of one piece, inclusive.'),
    unitPriceMax: MinorAmount.optional().describe('Inclusive.'),
  })
  .describe('All that are given must hold.');

const Condition = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('min-subtotal'),
    amount: MinorAmount.describe('Inclusive, of the product lines before coupons.'),
    select: Selection.optional(),
  }),
  z.object({ kind: z.literal('min-quantity'), quantity: Pieces, select: Selection.optional() }),
  z.object({
    kind: z.literal('any-line-quantity'),
    quantity: Pieces.describe('Some one line has so many pieces.'),
  }),
  z.object({ kind: z.literal('contains'), select: Selection }),
]);

const PieceScope = [
  z.object({ kind: z.literal('cheapest'), quantity: Pieces }),
  z.object({ kind: z.literal('dearest'), quantity: Pieces }),
  z.object({
    kind: z.literal('set'),
    set: z
      .int()
      .min(0)
      .max(7)
      .describe('Position in `requires`, from 0; it shares no product with another set.'),
  }),
] as const;

const LineScope = z.object({
  kind: z.literal('lines'),
  target: z
    .enum(['lines', 'order', 'delivery', 'order-and-delivery'])
    .describe('`order`: all product lines.'),
  allocation: z
    .enum(['each-line', 'each-unit', 'across', 'once'])
    .describe('`across` splits one amount by price; `once` is on the cheapest pieces of all.'),
  quantityMax: Pieces.optional().describe('Pieces per line; with `once` in all, then 1 when absent.'),
  select: Selection.optional(),
});

const MoneyOff = [
  z.object({ kind: z.literal('amount-off'), amount: MinorAmount, on: LineScope.optional() }),
  z.object({
    kind: z.literal('percent-off'),
    rateBps: BasisPoints,
    amountMax: MinorAmount.optional(),
    on: z.discriminatedUnion('kind', [...PieceScope, LineScope]).optional(),
  }),
  z.object({
    kind: z.literal('free-item'),
    quantity: Pieces.describe('The cheapest pieces of those required are free.'),
  }),
  z.object({
    kind: z.literal('fixed-price'),
    amount: MinorAmount.describe('What the required pieces cost together.'),
  }),
] as const;

const BenefitReward = z.object({ kind: z.literal('benefit'), benefit: Benefit });

/** What a coupon of this offer promises, in the words of `libs/promotion`. */
export const OfferTerms = z
  .object({
    currency: Currency,
    requires: z
      .array(RequiredSet)
      .max(8)
      .describe(
        'All of these sets must be in the basket, each with its quantity. A piece serves one coupon only. Empty: nothing is required, and the reward is on the whole basket.',
      ),
    conditions: z
      .array(Condition)
      .max(8)
      .optional()
      .describe('What else must be true of the basket; all of them.'),
    reward: z
      .discriminatedUnion('kind', [
        ...MoneyOff,
        BenefitReward,
        z.object({
          kind: z.literal('several'),
          rewards: z
            .array(z.discriminatedUnion('kind', [...MoneyOff, BenefitReward]))
            .min(1)
            .max(8),
        }),
      ])
      .describe('On the pieces that the coupon takes, unless it says `on` lines.'),
    usesPerBasket: z
      .int()
      .min(1)
      .max(20)
      .optional()
      .describe('How often one coupon applies in one basket, each time to other pieces. Absent: once.'),
    funding: z
      .array(z.object({ party: Name, shareBps: BasisPoints }))
      .min(1)
      .max(16)
      .describe('Who pays the discount; the shares sum to 10000.'),
    storeMatch: z
      .object({ party: Name, upToTotal: MinorAmount })
      .optional()
      .describe('The store doubles the coupon up to a total: match = min(face, upToTotal - face).'),
    stacking: z
      .object({
        group: Name.optional().describe(
          'Offers of one group share no piece, and of those on lines one applies. Absent: all that take pieces are one group, the others combine.',
        ),
        priority: z.int().min(-1_000).max(1_000).optional().describe('Higher goes first. Absent: 0.'),
        exclusive: z.boolean().optional().describe('Applies alone or not at all.'),
      })
      .optional(),
  })
  .superRefine(checkTerms);
export type OfferTerms = z.output<typeof OfferTerms>;
