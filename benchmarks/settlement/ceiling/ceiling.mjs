import { least } from './least.mjs';
import { everyRow } from './every-row.mjs';
import { repeatStatement } from './repeat-statement.mjs';

export const CLIENTS = 32;

/**
 * What PostgreSQL alone commits, on this server, in this session: one durable transaction a settlement, in one statement.
 *
 * - `least`: the least that a settlement with a coupon could be: take a coupon, store the settlement, store one event.
 * - `everyRow`: every row that Couplet has on disk before it replies, in tables made like its own.
 */
export class Ceiling {
  static async prepare({ admin, topology }) {
    await admin.query('DROP SCHEMA IF EXISTS ceiling CASCADE; CREATE SCHEMA ceiling');
    const ceiling = new Ceiling();
    ceiling.url = topology.adminUrl;
    ceiling.statements = { least: await least(admin), everyRow: await everyRow(admin) };
    return ceiling;
  }

  /** @returns transactions a second by the name of the statement, and who asked */
  async measure(seconds) {
    const result = {};
    for (const [name, sql] of Object.entries(this.statements)) {
      const { perS, by } = await repeatStatement(this.url, sql, { clients: CLIENTS, seconds });
      Object.assign(result, { [name]: perS, by });
    }
    return result;
  }
}
