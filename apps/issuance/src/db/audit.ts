import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import type { ReadAuditV1 } from '@couplet/contracts';
import { AuditEntry } from './entities.ts';

/** Who asks for a change. */
export interface Actor {
  /** The person, or the caller where the request names none. */
  actor: string;
  /** The principal whose word the request is. */
  caller: string;
}

export interface Change {
  act: string;
  subject: string;
  detail?: object;
}

export async function audit(manager: EntityManager, actor: Actor, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  await manager
    .createQueryBuilder()
    .insert()
    .into(AuditEntry)
    .values(changes.map((change) => ({ ...actor, ...change })))
    .updateEntity(false)
    .execute();
}

/** Newest first. */
export async function readAudit(
  manager: EntityManager,
  { subject, actor, before, limit }: z.output<typeof ReadAuditV1.request>,
): Promise<z.output<typeof ReadAuditV1.reply>['entries']> {
  const query = manager.createQueryBuilder(AuditEntry, 'entry').orderBy('entry.id', 'DESC').limit(limit);
  if (subject !== undefined) query.andWhere('entry.subject = :subject', { subject });
  if (actor !== undefined) query.andWhere('entry.actor = :actor', { actor });
  if (before !== undefined) query.andWhere('entry.id < :before', { before });
  const entries = await query.getMany();
  return entries.map(({ id, at, detail, ...entry }) => {
    const { from, to, ...rest } = (detail ?? {}) as Record<string, unknown> & { from?: string; to?: string };
    return {
      entry: Number(id),
      at: at.toISOString(),
      ...entry,
      ...(from !== undefined && { from }),
      ...(to !== undefined && { to }),
      detail: rest,
    };
  });
}
