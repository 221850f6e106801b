import type { Capabilities } from '@couplet/contracts';
import type { z } from 'zod';
import type { Latency } from '../domain/script.ts';
import type { Queryable } from './queryable.ts';

type AllCapabilities = z.output<typeof Capabilities>;

/** What the network declares and how slow it is. */
export interface RailSettings {
  capabilities: AllCapabilities;
  latencyMs: Latency;
}

/** Where the rail of a card, by its token, differs. */
export interface CardRail {
  card: string;
  capabilities: Partial<AllCapabilities>;
}

export async function readRail(db: Queryable): Promise<RailSettings> {
  const { rows } = await db.query<RailSettings>('SELECT capabilities, latency_ms AS "latencyMs" FROM rail');
  return rows[0]!;
}

export async function writeRail(db: Queryable, { capabilities, latencyMs }: RailSettings): Promise<void> {
  await db.query('UPDATE rail SET capabilities = $1, latency_ms = $2', [capabilities, latencyMs]);
}

export async function readCardRails(db: Queryable): Promise<CardRail[]> {
  return (await db.query<CardRail>('SELECT card, capabilities FROM card_rail')).rows;
}

/** @param rails the last of a card counts */
export async function replaceCardRails(db: Queryable, rails: readonly CardRail[]): Promise<void> {
  const set = new Map(rails.map(({ card, capabilities }) => [card, JSON.stringify(capabilities)]));
  await db.query('DELETE FROM card_rail');
  await db.query('INSERT INTO card_rail (card, capabilities) SELECT * FROM unnest($1::text[], $2::jsonb[])', [
    [...set.keys()],
    [...set.values()],
  ]);
}
