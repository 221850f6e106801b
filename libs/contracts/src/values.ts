import { z } from 'zod';

/** Minor units: a JSON integer on the wire, bigint in code. The bound is far above any purchase we accept. */
export const MinorAmount = z.codec(z.int().min(0).max(1_000_000_000_000), z.bigint().min(0n), {
  decode: (wire) => BigInt(wire),
  encode: (amount) => Number(amount),
});

export const Currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 alphabetic code, such as USD')
  .describe('ISO 4217 alphabetic code.');

/** UUID of any version in what others choose; our own ids are UUIDv7. */
export const Id = z.uuid().describe('UUID; ids made by Couplet are version 7.');

export const Timestamp = z.iso.datetime().describe('RFC 3339, UTC, with Z.');

export const Quantity = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,6})?$/, 'must be a decimal number in a string, such as "2" or "0.355"')
  .describe('Decimal number in a string; its unit stands beside it.');

/** An identifier that others chose: store, terminal, product, party. Short and printable, so it can be shown and logged. */
export const Name = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 printable ASCII characters without spaces');

export const BasisPoints = z.int().min(0).max(10_000).describe('Hundredths of a percent.');

/** What a coupon may be used for; `purchase` is a sale at a till. */
export const Purpose = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be lower-case letters, digits and hyphens, such as "purchase"');

export const MEDIUM_KINDS = ['credit-card', 'debit-card', 'point-card', 'mileage-card'] as const;
export const MediumKind = z.enum(MEDIUM_KINDS).describe('Seed 000, claim 7.');
export type MediumKind = z.output<typeof MediumKind>;

/** Keyed hash of a medium's scheme and whole number (`libs/medium-id`); never the number. */
export const MediumToken = z
  .string()
  .regex(/^[a-z0-9-]{1,16}:[A-Za-z0-9_-]{43}$/, 'must be a medium token, <key id>:<43 base64url characters>');

/** A medium as it is presented: by its whole number, or by a token agreed with the registry. */
export const PresentedMedium = z
  .object({
    kind: MediumKind,
    scheme: Name.optional().describe('Who issued the number; required for point and mileage cards.'),
    id: z
      .string()
      .regex(/^[0-9A-Za-z-]{1,64}$/, 'must be 1 to 64 letters, digits or hyphens')
      .optional()
      .describe('Whole number of the medium. Tokenized where it enters; stored nowhere.'),
    token: MediumToken.optional(),
  })
  .superRefine((medium, context) => {
    if ((medium.id === undefined) === (medium.token === undefined)) {
      context.addIssue({ code: 'custom', path: ['id'], message: 'give exactly one of id and token' });
    }
    if (
      medium.scheme === undefined &&
      medium.id !== undefined &&
      !medium.kind.match(/^(credit|debit)-card$/)
    ) {
      context.addIssue({ code: 'custom', path: ['scheme'], message: `a ${medium.kind} needs its scheme` });
    }
  });
export type PresentedMedium = z.output<typeof PresentedMedium>;

/** A medium after tokenization: what services tell each other. */
export const TokenizedMedium = z.object({ kind: MediumKind, token: MediumToken });
export type TokenizedMedium = z.output<typeof TokenizedMedium>;

export const BasketLine = z.object({
  lineId: Name,
  productId: Name,
  quantity: Quantity,
  unit: Name.describe('`each` for pieces, else a unit of measure such as `kg`.'),
  amount: MinorAmount.describe('Price of the whole line before coupons.'),
  discountable: z
    .boolean()
    .describe('false for tax, deposits, fuel and whatever else a coupon may not touch.'),
  amountMin: MinorAmount.optional().describe(
    'Floor: what the line costs at least after coupons. Absent: zero.',
  ),
  kind: z
    .enum(['product', 'delivery'])
    .optional()
    .describe('A charge for delivery is no product: only rewards on delivery touch it. Absent: a product.'),
});
export type BasketLine = z.output<typeof BasketLine>;

export const FundingShare = z.object({ party: Name, amount: MinorAmount });
