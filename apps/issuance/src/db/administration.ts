import type { OutboxRelay } from '@couplet/outbox';
import { failpoint } from '@couplet/service-host';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { ENTITIES } from './entities.ts';

/** The transactions of this service, by TypeORM; the outbox learns of each that commits. */
export class Administration {
  private constructor(
    private readonly db: DataSource,
    private readonly outbox: Pick<OutboxRelay, 'wake'>,
  ) {}

  static async open(url: string, outbox: Pick<OutboxRelay, 'wake'>): Promise<Administration> {
    const db = new DataSource({
      type: 'postgres',
      url,
      entities: ENTITIES,
      installExtensions: false,
      applicationName: 'issuance-administration',
      extra: { max: 5 },
    });
    return new Administration(await db.initialize(), outbox);
  }

  /** To read with, outside of any transaction. */
  get manager(): EntityManager {
    return this.db.manager;
  }

  /** All of `work`, with its audit and its events, or nothing. */
  async transaction<Result>(
    work: (manager: EntityManager, client: pg.PoolClient) => Promise<Result>,
  ): Promise<Result> {
    const result = await this.db.transaction(async (manager) => {
      const client = (await manager.queryRunner!.connect()) as pg.PoolClient;
      const done = await work(manager, client);
      failpoint('issuance.change.before-commit');
      return done;
    });
    failpoint('issuance.change.after-commit');
    this.outbox.wake();
    return result;
  }

  async onApplicationShutdown(): Promise<void> {
    await this.db.destroy();
  }
}
