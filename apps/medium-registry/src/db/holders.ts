import { type MediumKind, ProblemError, type TokenizedMedium } from '@couplet/contracts';
import type pg from 'pg';
import type { PresentedBy } from '../domain/candidate.ts';

export interface HolderToRegister {
  holderId: string;
  attributes: Record<string, string>;
  media: TokenizedMedium[];
}

/**
 * Writes the holders and media that are new. A known holder keeps his attributes, a known medium its kind.
 *
 * @returns how many holders and media were new
 * @throws ProblemError `conflict` if a medium belongs to another holder; it names the place in the request, not the other
 */
export async function registerHolders(
  client: pg.PoolClient,
  holders: HolderToRegister[],
): Promise<{ registered: number; media: number }> {
  const { rowCount: registered } = await client.query({
    name: 'registry.register-holders',
    text: `INSERT INTO holder (holder_id, attributes)
           SELECT * FROM unnest($1::uuid[], $2::jsonb[]) AS h (holder_id, attributes) ORDER BY holder_id
           ON CONFLICT DO NOTHING`,
    values: [
      holders.map(({ holderId }) => holderId),
      holders.map(({ attributes }) => JSON.stringify(attributes)),
    ],
  });

  const media = holders.flatMap(({ holderId, media }, h) =>
    media.map((medium, m) => ({ ...medium, holderId, field: `holders[${h}].media[${m}]` })),
  );
  const values = [
    media.map(({ token }) => token),
    media.map(({ kind }) => kind),
    media.map((m) => m.holderId),
  ];
  const { rowCount: added } = await client.query({
    name: 'registry.register-media',
    text: `INSERT INTO medium (token, kind, holder_id)
           SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[]) AS m (token, kind, holder_id) ORDER BY token
           ON CONFLICT DO NOTHING`,
    values,
  });

  const owners = await ownersOf(client, values[0]!);
  const taken = media.filter(({ token, holderId }) => owners.get(token) !== holderId.toLowerCase());
  if (taken.length > 0) {
    const detail = 'belongs to another holder';
    throw new ProblemError(
      'conflict',
      `a medium ${detail}`,
      taken.map(({ field }) => ({ field, detail })),
    );
  }
  return { registered: registered ?? 0, media: added ?? 0 };
}

/** Through the directory of media: the holders of those presented, with what is known of each. */
export async function holdersOf(
  client: pg.ClientBase,
  presented: readonly TokenizedMedium[],
): Promise<PresentedBy> {
  const kinds = new Map(presented.map(({ token, kind }) => [token, kind]));
  const { rows } = await client.query<{ holder_id: string; tokens: string[]; attributes: Attributes }>({
    name: 'registry.holders-presented',
    text: `SELECT h.holder_id, h.attributes, array_agg(m.token) AS tokens
           FROM medium m JOIN holder h ON h.holder_id = m.holder_id WHERE m.token = ANY ($1::text[])
           GROUP BY h.holder_id`,
    values: [[...kinds.keys()]],
  });
  return new Map(
    rows.map(({ holder_id, tokens, attributes }) => [
      holder_id,
      { mediumKinds: new Set<MediumKind>(tokens.map((token) => kinds.get(token)!)), attributes },
    ]),
  );
}

/** The holder of a bar code, who presents no medium; nobody when he is not known. */
export async function holderShowingCode(client: pg.ClientBase, holderId: string): Promise<PresentedBy> {
  const attributes = await attributesOf(client, [holderId]);
  return new Map([...attributes].map(([id, known]) => [id, { mediumKinds: new Set(), attributes: known }]));
}

type Attributes = Record<string, string>;

/** @returns the attributes as they are now; undefined if there is no such holder */
export async function changeAttributes(
  client: pg.ClientBase | pg.Pool,
  { holderId, set, remove }: { holderId: string; set: Attributes; remove: readonly string[] },
): Promise<Attributes | undefined> {
  const { rows } = await client.query<{ attributes: Attributes }>({
    name: 'registry.change-attributes',
    text: `UPDATE holder SET attributes = (attributes - $3::text[]) || $2::jsonb
           WHERE holder_id = $1 RETURNING attributes`,
    values: [holderId, JSON.stringify(set), remove],
  });
  return rows[0]?.attributes;
}

/** Attributes of holders, by holder. */
export async function attributesOf(
  client: pg.ClientBase,
  holderIds: readonly string[],
): Promise<Map<string, Attributes>> {
  const { rows } = await client.query<{ holder_id: string; attributes: Attributes }>({
    name: 'registry.holder-attributes',
    text: 'SELECT holder_id, attributes FROM holder WHERE holder_id = ANY ($1::uuid[])',
    values: [holderIds],
  });
  return new Map(rows.map(({ holder_id, attributes }) => [holder_id, attributes]));
}

async function ownersOf(client: pg.ClientBase, tokens: readonly string[]): Promise<Map<string, string>> {
  const { rows } = await client.query<{ token: string; holder_id: string }>({
    name: 'registry.media-owners',
    text: 'SELECT token, holder_id FROM medium WHERE token = ANY ($1::text[])',
    values: [tokens],
  });
  return new Map(rows.map(({ token, holder_id }) => [token, holder_id]));
}
