import type { EntityManager } from 'typeorm';
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
