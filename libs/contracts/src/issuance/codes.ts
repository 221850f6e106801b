import { z } from 'zod';
import { Id } from '../values.ts';

/** 32 letters and digits without I, L, O and U (Crockford), or digits alone. */
export const CODE_ALPHABETS = {
  crockford: '0123456789ABCDEFGHJKMNPQRSTVWXYZ',
  digits: '0123456789',
} as const;
export type CodeAlphabet = keyof typeof CODE_ALPHABETS;

/** How a code may be typed: in any case, with hyphens and spaces, O for 0 and I or L for 1. */
export const TypedCode = z
  .string()
  .regex(/^[0-9A-Za-z -]{4,48}$/, 'must be 4 to 48 letters, digits, hyphens or spaces');

/** How far a batch of codes is, and how hard its codes are to guess. */
export const CodeBatch = z.object({
  batchId: Id,
  offerId: Id,
  kind: z.enum(['generated', 'imported']),
  state: z.enum(['running', 'done']),
  count: z.int().describe('Codes asked for.'),
  written: z.int().describe('Codes that are there.'),
  claimed: z.int().describe('Codes that holders have acquired a coupon with.'),
  entropyBits: z.number().optional().describe('Of one generated code: log2 of the codes there could be.'),
  guessesPerHit: z
    .string()
    .optional()
    .describe('Of so many guesses by chance one names a code: the code space over all codes in it.'),
});

/** Why a code gives no coupon. */
export const CodeRefusal = z.enum(['no-such-code', 'already-used', 'offer-not-live']);
