import { Gathered } from '@couplet/postgres';
import type pg from 'pg';
import type { Remembered } from '../domain/authorization.ts';
import { authorizeAll, type NewAuthorization } from './authorize.ts';
import { followUpAll, type FollowedUp, type FollowUpRequest } from './follow-ups.ts';
import { Overtaken } from './overtaken.ts';
import type { Queryable } from './queryable.ts';

/**
 * What the network decided, each once. Messages that come at the same time are decided together; those that play a fault
 * alone, in its transaction.
 */
export class Books {
  private readonly authorizations: Gathered<NewAuthorization, Remembered | undefined>;
  private readonly followUps: Gathered<FollowUpRequest, FollowedUp | Error>;

  constructor(private readonly pool: pg.Pool) {
    this.authorizations = new Gathered((asked) => authorizeAll(pool, asked));
    this.followUps = new Gathered((asked) => followUpAll(pool, asked));
  }

  /** @throws Overtaken when a duplicate, or another of its settlement, committed at the same time */
  async authorize(db: Queryable, asked: NewAuthorization): Promise<Remembered> {
    const decided =
      db === this.pool ? await this.authorizations.do(asked) : (await authorizeAll(db, [asked]))[0];
    if (!decided) throw new Overtaken();
    return decided;
  }

  /** @throws Overtaken, RequestIdReused, and what PostgreSQL says when a duplicate of the request wrote first */
  async followUp(db: Queryable, asked: FollowUpRequest): Promise<FollowedUp> {
    const result = db === this.pool ? await this.followUps.do(asked) : (await followUpAll(db, [asked]))[0]!;
    if (result instanceof Error) throw result;
    return result;
  }
}
