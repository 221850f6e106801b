/** One message about one settlement, as an observer on the wire saw it. */
export interface Sighting {
  what: TimelineStep;
  atMs: number;
}

/** In the order in which the protocol takes them. */
export type TimelineStep =
  | 'settle asked'
  | 'authorize sent'
  | 'coupon search sent'
  | 'coupon search answered'
  | 'authorize answered'
  | 'settle answered'
  | 'settlement-granted published'
  | 'adjust sent'
  | 'adjust answered'
  | 'capture sent'
  | 'capture answered'
  | 'settlement-captured published'
  | 'coupon-consumed published';

export interface Timeline {
  settlementId: string;
  originalAmount: bigint;
  discount: bigint;
  /** Milliseconds after the till asked, in the order of time. */
  steps: { what: TimelineStep; afterMs: number }[];
  /** How long authorization and coupon search ran at the same time. */
  overlapMs: number;
}

/** @returns undefined when the observer missed the question or an answer */
export function timelineOf(
  settlementId: string,
  amounts: Pick<Timeline, 'originalAmount' | 'discount'>,
  sightings: readonly Sighting[],
): Timeline | undefined {
  const at = (what: TimelineStep) => sightings.find((sighting) => sighting.what === what)?.atMs;
  const asked = at('settle asked');
  const authorize = [at('authorize sent'), at('authorize answered')] as const;
  const search = [at('coupon search sent'), at('coupon search answered')] as const;
  if (asked === undefined || !authorize.every(isSeen) || !search.every(isSeen)) return undefined;
  const overlap = Math.min(authorize[1]!, search[1]!) - Math.max(authorize[0]!, search[0]!);
  const steps = [...sightings]
    .sort((a, b) => a.atMs - b.atMs)
    .map(({ what, atMs }) => ({ what, afterMs: hundredth(atMs - asked) }));
  return { settlementId, ...amounts, steps, overlapMs: hundredth(Math.max(overlap, 0)) };
}

function isSeen(atMs: number | undefined): boolean {
  return atMs !== undefined;
}

function hundredth(ms: number): number {
  return Math.round(ms * 100) / 100;
}
