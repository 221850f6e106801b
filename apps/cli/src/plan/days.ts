/**
 * The data's days are those of its stores (US Eastern), its times are UTC. A day therefore begins at the earliest at
 * midnight UTC and has ended everywhere by 05:00 UTC of the next.
 */
const DAY_ENDS_HOUR = 5;

export function dayBegins(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function dayEnds(day: string): Date {
  const next = dayBegins(day);
  next.setUTCDate(next.getUTCDate() + 1);
  next.setUTCHours(DAY_ENDS_HOUR);
  return next;
}
