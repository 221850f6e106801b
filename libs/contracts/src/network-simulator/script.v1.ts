import { z } from 'zod';
import { request } from '../contract.ts';
import { Capabilities } from '../network/capabilities.v1.ts';
import { Currency, MinorAmount } from '../values.ts';

const Verb = z.enum(['capabilities', 'authorize', 'adjust', 'reverse', 'capture', 'refund', 'inspect']);

/** Tells the simulator what to do from now on; what it remembers of authorizations stays. */
export const ScriptV1 = request({
  service: 'network-simulator',
  verb: 'script',
  version: 1,
  callers: ['operator'],
  summary: 'Set balances, latency and faults of the simulated card network.',
  request: z.object({
    balances: z
      .array(z.object({ id: z.string().regex(/^\d{12,19}$/), currency: Currency, balance: MinorAmount }))
      .max(5_000)
      .optional()
      .describe('By card. A card never named has no limit.'),
    capabilities: Capabilities.partial().optional(),
    latencyMs: z
      .object({ min: z.int().min(0).max(60_000), max: z.int().min(0).max(60_000) })
      .optional()
      .describe('Of every answer from now on, uniform.'),
    faults: z
      .array(
        z.object({
          verb: Verb,
          card: z
            .string()
            .regex(/^\d{12,19}$/)
            .optional()
            .describe('Only for authorizations on this card.'),
          action: z.discriminatedUnion('kind', [
            z
              .object({ kind: z.literal('decline'), reason: z.string().min(1).max(64) })
              .describe('authorize only'),
            z
              .object({ kind: z.literal('refuse'), reason: z.string().min(1).max(64) })
              .describe('the other verbs'),
            z
              .object({ kind: z.literal('silence'), effect: z.enum(['done', 'lost']) })
              .describe('No answer; the effect happens, or not.'),
            z
              .object({
                kind: z.literal('delay'),
                delayMs: z.int().min(0).max(600_000),
                effect: z.enum(['first', 'last']).default('first'),
              })
              .describe('A late answer; with the effect last, later messages overtake this one.'),
            z.object({ kind: z.literal('pending') }),
            z
              .object({ kind: z.literal('hold-until-seen'), subject: z.string().max(256) })
              .describe('Answers once a message on this subject was seen.'),
          ]),
          times: z.int().min(1).default(1).describe('Uses of this fault before it is spent.'),
        }),
      )
      .max(1_000)
      .optional()
      .describe('Replaces the list; the first that fits is used.'),
    reset: z.boolean().optional().describe('Forget faults, latency and balances first.'),
  }),
  reply: z.object({ faults: z.int().describe('Faults waiting.') }),
});
