import { setTimeout as sleep } from 'node:timers/promises';
import { createPool } from '@couplet/postgres';
import type { ServiceProcesses } from '../src/topology/service-processes.ts';

/** Attempts that a crash of the relay leaves for its sweeper, and when they are due. */
const LEFT = {
  abandon: { what: `state = 'started'`, due: 'deadline_at' },
  void: { what: `state = 'granted' AND NOT confirmed`, due: 'confirm_by' },
};

/** Looks into the journal to crash the relay at a moment that leaves its sweeper something to do. */
export class LeftBehind {
  private readonly admin: ReturnType<typeof createPool>;

  constructor(adminUrl: string) {
    this.admin = createPool(adminUrl, { max: 1 });
  }

  /** Resolves with the relay down and an attempt overdue of the kind that the failpoint is about. */
  async crashWithOverdue(services: ServiceProcesses, failpoint: string): Promise<void> {
    const { what, due } = LEFT[failpoint.endsWith('void') ? 'void' : 'abandon'];
    for (;;) {
      await services.start('settlement-relay');
      while (!(await this.exists(what))) await sleep(20);
      await services.crash('settlement-relay');
      while (await this.exists(what)) {
        if (await this.exists(`${what} AND ${due} < now()`)) return;
        await sleep(100);
      }
    }
  }

  close(): Promise<void> {
    return this.admin.end();
  }

  private async exists(condition: string): Promise<boolean> {
    const { rowCount } = await this.admin.query(
      `SELECT 1 FROM settlement_relay.attempt WHERE ${condition} LIMIT 1`,
    );
    return rowCount === 1;
  }
}
