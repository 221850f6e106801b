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

/** Through the directory of media: for each presentation the holders of its media, with what is known of each. */
export async function holdersPresented(
  pool: pg.Pool,
  presentations: readonly (readonly TokenizedMedium[])[],
): Promise<PresentedBy[]> {
  const holders = await holdersByToken(pool, [
    ...new Set(presentations.flatMap((media) => media.map(({ token }) => token))),
  ]);
  return presentations.map((media) => {
    const presented = new Map<string, { mediumKinds: Set<MediumKind>; attributes: Attributes }>();
    for (const [token, kind] of new Map(media.map(({ token, kind }) => [token, kind]))) {
      const holder = holders.get(token);
      if (!holder) continue;
      const { holder_id, attributes } = holder;
      const known = presented.get(holder_id) ?? { mediumKinds: new Set(), attributes };
      presented.set(holder_id, known);
      known.mediumKinds.add(kind);
    }
    return presented;
  });
}

/** The holders of bar codes, who present no medium, by their id; whoever is not known is not there. */
export async function holdersShowingCode(
  pool: pg.Pool,
  holderIds: readonly string[],
): Promise<Map<string, PresentedBy>> {
  const attributes = await attributesOf(pool, holderIds);
  return new Map(
    [...attributes].map(([id, known]) => [
      id,
      new Map([[id, { mediumKinds: new Set(), attributes: known }]]),
    ]),
  );
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
  client: pg.ClientBase | pg.Pool,
  holderIds: readonly string[],
): Promise<Map<string, Attributes>> {
  if (holderIds.length === 0) return new Map();
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

async function holdersByToken(
  pool: pg.Pool,
  tokens: readonly string[],
): Promise<Map<string, { holder_id: string; attributes: Attributes }>> {
  if (tokens.length === 0) return new Map();
  const { rows } = await pool.query<{ token: string; holder_id: string; attributes: Attributes }>({
    name: 'registry.holders-presented',
    // Not a join: planned while there are no holders, that would read all who come later.
    text: `SELECT token, holder_id, (SELECT attributes FROM holder h WHERE h.holder_id = m.holder_id) AS attributes
           FROM medium m WHERE token = ANY ($1::text[])`,
    values: [tokens],
  });
  return new Map(rows.map(({ token, ...holder }) => [token, holder]));
}
