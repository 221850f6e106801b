/** A table that is partitioned by day, that is by ranges of a column of UUIDv7, and has a default partition `<name>_default`. */
export interface DailyTable {
  readonly name: string;
  readonly key: string;
}

/** Days are numbers: whole days of UTC since 1970. */
export const dayOf = (at: Date): number => Math.floor(at.getTime() / DAY_MS);

const DAY_MS = 86_400_000;

/** UUIDv7 begin with their time (RFC 9562, section 5.7), so that a day is a range of ids: from its first to the next day's. */
export function firstIdOf(day: number): string {
  const time = (day * DAY_MS).toString(16).padStart(12, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-0000-0000-000000000000`;
}

/** The partition of one day: `outbox_20261121`. */
const partitionOf = ({ name }: DailyTable, day: number): string =>
  `${name}_${new Date(day * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '')}`;

/** The other direction; nothing of `outbox_default`. */
export function dayOfPartition({ name }: DailyTable, partition: string): number | undefined {
  const [, year, month, date] = /^_(\d{4})(\d\d)(\d\d)$/.exec(partition.slice(name.length)) ?? [];
  return year ? dayOf(new Date(`${year}-${month}-${date}T00:00:00Z`)) : undefined;
}

/**
 * SQL that gives a day its partition. May run again.
 *
 * Made beside the table and then attached, it keeps nobody from it; only the default partition is locked while it is
 * seen to hold nothing of that day. A day that the default has begun to hold stays there.
 */
export function makeDay(table: DailyTable, day: number): string {
  const { name, key } = table;
  const [partition, from, to] = [partitionOf(table, day), firstIdOf(day), firstIdOf(day + 1)];
  return `
    DO $$ BEGIN
      IF to_regclass('${partition}') IS NOT NULL THEN RETURN; END IF;
      LOCK TABLE ${name}_default IN ACCESS EXCLUSIVE MODE;
      IF EXISTS (SELECT FROM ${name}_default WHERE ${key} >= '${from}' AND ${key} < '${to}') THEN RETURN; END IF;
      CREATE TABLE ${partition} (LIKE ${name} INCLUDING ALL);
      ALTER TABLE ${name} ATTACH PARTITION ${partition} FOR VALUES FROM ('${from}') TO ('${to}');
    END $$`;
}
