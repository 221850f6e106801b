import { z } from 'zod';
import { request } from '../contract.ts';
import { Capabilities } from '../network/capabilities.v1.ts';
import { BasketLine, Currency, Id, MinorAmount, Name, Purpose, Timestamp } from '../values.ts';

const Verb = z.enum(['capabilities', 'authorize', 'adjust', 'reverse', 'capture', 'refund', 'inspect']);
const CardNumber = z.string().regex(/^\d{12,19}$/);
const Reason = z.string().min(1).max(64);
const DelayMs = z.int().min(0).max(600_000);
const Advise = z.boolean().default(false);

/** One thing that goes otherwise than usual. */
export const FaultAction = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('decline'), reason: Reason }).describe('authorize only'),
  z
    .object({ kind: z.literal('approve-at-most'), amount: MinorAmount })
    .describe('authorize only: a partial approval when more is asked.'),
  z
    .object({ kind: z.literal('stand-in'), advise: Advise })
    .describe(
      'authorize only: approved for an absent issuer, as the reply says; with advise the reply does not, and the advice does.',
    ),
  z.object({ kind: z.literal('refuse'), reason: Reason }).describe('adjust, reverse, capture and refund'),
  z
    .object({ kind: z.literal('keep-rest') })
    .describe('capture only: what it leaves stays held until it is released, whatever the rail declares.'),
  z
    .object({ kind: z.literal('silence'), effect: z.enum(['done', 'lost']) })
    .describe('No answer; the effect happens, or not.'),
  z
    .object({
      kind: z.literal('delay'),
      delayMs: DelayMs,
      effect: z.enum(['first', 'last']).default('first'),
      advise: Advise,
    })
    .describe(
      'A late answer; with the effect last, later messages overtake this one. authorize with advise: an approval that is answered after expiresAt is advised, too.',
    ),
  z
    .object({ kind: z.literal('pending'), forMs: DelayMs.default(0), advise: Advise })
    .describe(
      'Answered pending; not authorize: so are repeats for this long. adjust with advise: its result is advised when that is over.',
    ),
  z
    .object({ kind: z.literal('hold-until-seen'), subject: z.string().max(256) })
    .describe('Answers once a message on this subject was seen.'),
]);

/** Tells the simulator what to do from now on; what it remembers of authorizations stays. */
export const ScriptV1 = request({
  service: 'network-simulator',
  verb: 'script',
  version: 1,
  callers: ['operator'],
  summary: 'Set balances, rails, latency and faults of the simulated card network.',
  request: z.object({
    balances: z
      .array(z.object({ id: CardNumber, currency: Currency, balance: MinorAmount }))
      .max(5_000)
      .optional()
      .describe('By card. A card never named has no limit.'),
    capabilities: Capabilities.partial().optional().describe('Of the relay: declared, and kept to.'),
    cardRails: z
      .array(z.object({ id: CardNumber, capabilities: Capabilities.partial() }))
      .max(1_000)
      .optional()
      .describe('Replaces the list: cards whose rail keeps to something else than the relay declares.'),
    latencyMs: z
      .object({ min: z.int().min(0).max(60_000), max: z.int().min(0).max(60_000) })
      .optional()
      .describe('Of every answer from now on, uniform.'),
    faults: z
      .array(
        z.object({
          verb: Verb,
          card: CardNumber.optional().describe('Only for authorizations on this card.'),
          action: FaultAction,
          times: z.int().min(1).default(1).describe('Uses of this fault before it is spent.'),
        }),
      )
      .max(1_000)
      .optional()
      .describe('Replaces the list; the first that fits is used.'),
    offlineSales: z
      .array(
        z.object({
          attemptId: Id,
          authorizationId: Id,
          card: CardNumber,
          storeId: Name,
          terminalId: Name,
          presentedAt: Timestamp,
          purpose: Purpose,
          currency: Currency,
          amount: MinorAmount,
          lines: z.array(BasketLine).max(1_000).default([]),
        }),
      )
      .max(1_000)
      .optional()
      .describe('Sales that a terminal approved while it was offline: held now, and advised.'),
    reset: z.boolean().optional().describe('Forget faults, latency, balances and rails of cards first.'),
  }),
  reply: z.object({ faults: z.int().describe('Faults waiting.') }),
});
