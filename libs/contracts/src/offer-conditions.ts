import { z } from 'zod';
import { SettledBy } from './settled-by.ts';
import { MediumKind, MinorAmount, Name, Purpose, Timestamp } from './values.ts';

/** A date and a time on the clock of whichever store is asked; which instant that is depends on the store's time zone. */
const LocalDateTime = z.iso
  .datetime({ local: true })
  .regex(/[^Z]$/, 'must be a local date and time without Z, such as 2026-11-27T08:00')
  .describe("Date and time on the store's own clock, such as 2026-11-27T08:00.");

const WindowEdge = z.union([Timestamp, LocalDateTime]);

/** Lower-case ISO weekdays, Monday first. */
export const WEEKDAYS = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const;

const OpeningHours = z
  .object({
    days: z.array(z.enum(WEEKDAYS)).min(1).max(7),
    from: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 08:00'),
    to: z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be a time such as 18:30, up to 24:00'),
  })
  .describe('On the clock of the store; `to` is not included. A `to` before `from` is of the next day.');

/** All of these attributes, each with exactly this value. */
const Segment = z
  .record(z.string().regex(/^[a-z][a-z0-9_]{0,31}$/), z.string().min(1).max(64))
  .refine((attributes) => Object.keys(attributes).length > 0, 'must name at least one attribute');

/** Where, when, by whom and how often an offer may be used. */
export const OfferConditions = z
  .object({
    purposes: z.array(Purpose).min(1).max(8),
    validFrom: WindowEdge,
    validTo: WindowEdge.describe(
      'Not included. Both edges are instants with Z, or both local: then each store opens and closes by its own clock. ' +
        'A local time that a clock shows twice means the first, one that it skips means as much later.',
    ),
    hours: z
      .array(OpeningHours)
      .min(1)
      .max(21)
      .optional()
      .describe('Absent: at any time between validFrom and validTo.'),
    settledBy: SettledBy.optional(),
    stores: z.array(Name).max(10_000).optional().describe('Absent: every store.'),
    mediumKinds: z.array(MediumKind).min(1).optional().describe('Absent: any medium.'),
    segments: z
      .array(Segment)
      .min(1)
      .max(64)
      .optional()
      .describe(
        'The holder must be in one of them, by the attributes it is registered with. Absent: any holder.',
      ),
    limits: z
      .object({
        uses: z.int().min(1).optional().describe('Uses of the offer in total.'),
        usesPerHolder: z.int().min(1).optional(),
        budget: MinorAmount.optional().describe('Total discount the offer may give.'),
      })
      .optional(),
  })
  .superRefine((conditions, context) => {
    const [from, to] = [conditions.validFrom, conditions.validTo];
    const say = (path: PropertyKey[], message: string) => context.addIssue({ code: 'custom', path, message });
    if (from.endsWith('Z') !== to.endsWith('Z')) {
      say(['validTo'], 'must be local when validFrom is, and an instant with Z when validFrom is');
    } else if (Date.parse(asUtc(to)) <= Date.parse(asUtc(from))) say(['validTo'], 'must be after validFrom');
    for (const [index, hours] of (conditions.hours ?? []).entries()) {
      if (hours.from === hours.to)
        say(['hours', index, 'to'], 'must differ from `from`; 00:00 to 24:00 is the whole day');
    }
  });
export type OfferConditions = z.output<typeof OfferConditions>;

// Only to compare two local times with each other.
function asUtc(edge: string): string {
  return edge.endsWith('Z') ? edge : `${edge}Z`;
}
