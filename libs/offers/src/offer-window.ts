import { type OfferConditions, WEEKDAYS } from '@couplet/contracts';
import { instantAt, readClock, type ClockReading } from './store-clock.ts';

export type WindowState = 'open' | 'closed' | 'time-zone-unknown';

/** The clocks that go first and last on earth: what is open on none between them is open nowhere. */
const ZONES_OUTERMOST = ['Etc/GMT-14', 'Etc/GMT+12'] as const;

/** When an offer may be used. Edges in local time are instants of each store's own; hours are always by its clock. */
export class OfferWindow {
  /** The first instant at which it may be open at some store, wherever that is; milliseconds since the epoch. */
  readonly opensMs: number;
  /** The first instant from which on it is open nowhere any more. */
  readonly closesMs: number;
  private readonly edges = new Map<string, { fromMs: number; toMs: number }>();

  constructor(private readonly conditions: Pick<OfferConditions, 'validFrom' | 'validTo' | 'hours'>) {
    const [first, last] = ZONES_OUTERMOST;
    this.opensMs = this.edgesIn(first).fromMs;
    this.closesMs = this.edgesIn(last).toMs;
  }

  /** @param timeZone of the store; unknown, it is open only if no clock is needed to tell */
  at(atMs: number, timeZone?: string): WindowState {
    if (this.needsClock && timeZone === undefined) return 'time-zone-unknown';
    return this.datesAt(atMs, timeZone) && this.hoursAt(atMs, timeZone) ? 'open' : 'closed';
  }

  /** Whether it may be open at some store, wherever that is. */
  somewhereAt(atMs: number): boolean {
    return atMs >= this.opensMs && atMs < this.closesMs;
  }

  /**
   * Where its dates are, whatever its hours: open from the first store that opens to the last one that closes.
   *
   * @param zones of the stores there are; none, and every clock on earth counts
   */
  phaseAt(atMs: number, zones: readonly string[]): 'before' | 'open' | 'over' {
    const edges = (zones.length > 0 ? zones : ZONES_OUTERMOST).map((zone) => this.edgesIn(zone));
    if (edges.every(({ fromMs }) => atMs < fromMs)) return 'before';
    return edges.some(({ toMs }) => atMs < toMs) ? 'open' : 'over';
  }

  /** Whether its hours hold, whatever the date. */
  hoursAt(atMs: number, timeZone?: string): boolean {
    const { hours } = this.conditions;
    if (!hours) return true;
    if (timeZone === undefined) return false;
    const now = readClock(atMs, timeZone);
    return hours.some((span) => isWithin(now, span));
  }

  /** Whether the time zone of the store must be known. */
  get needsClock(): boolean {
    return this.isLocal || this.conditions.hours !== undefined;
  }

  private get isLocal(): boolean {
    return !this.conditions.validFrom.endsWith('Z');
  }

  private datesAt(atMs: number, timeZone = 'UTC'): boolean {
    const { fromMs, toMs } = this.edgesIn(timeZone);
    return atMs >= fromMs && atMs < toMs;
  }

  private edgesIn(timeZone: string): { fromMs: number; toMs: number } {
    const known = this.edges.get(timeZone);
    if (known) return known;
    const edge = (text: string) => (this.isLocal ? instantAt(text, timeZone) : Date.parse(text));
    const edges = { fromMs: edge(this.conditions.validFrom), toMs: edge(this.conditions.validTo) };
    this.edges.set(timeZone, edges);
    return edges;
  }
}

type Hours = NonNullable<OfferConditions['hours']>[number];

function isWithin({ weekday, minute }: ClockReading, { days, from, to }: Hours): boolean {
  const [begin, end] = [minuteOf(from), minuteOf(to)];
  const isOn = (day: number) => days.includes(WEEKDAYS[day - 1]!);
  if (begin < end) return isOn(weekday) && minute >= begin && minute < end;
  const before = weekday === 1 ? 7 : weekday - 1;
  return (isOn(weekday) && minute >= begin) || (isOn(before) && minute < end);
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
}
