/** What PostgreSQL counts: statements, transactions, WAL, updates in place. */
export class PostgresCounters {
  #statements;

  constructor(admin) {
    this.admin = admin;
  }

  /** Takes `pg_stat_statements` where the server has loaded it; without it transactions are counted alone. */
  async prepare() {
    this.#statements = await this.admin
      .query('CREATE EXTENSION IF NOT EXISTS pg_stat_statements')
      .then(() => this.admin.query('SELECT count(*) FROM pg_stat_statements'))
      .then(
        () => true,
        () => false,
      );
  }

  async read() {
    await this.admin.query('SELECT pg_stat_force_next_flush()');
    const {
      rows: [totals],
    } = await this.admin.query(`
      SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS "walBytes",
             (SELECT xact_commit::float8 FROM pg_stat_database WHERE datname = current_database()) AS commits,
             (SELECT sum(n_tup_upd)::float8 FROM pg_stat_user_tables) AS updates,
             (SELECT sum(n_tup_hot_upd)::float8 FROM pg_stat_user_tables) AS "hotUpdates",
             (SELECT sum(n_tup_ins + n_tup_upd + n_tup_del)::float8 FROM pg_stat_user_tables) AS rows`);
    return { ...totals, ...(this.#statements && { statements: await this.#count() }) };
  }

  async #count() {
    const { rows } = await this.admin.query(`
      SELECT sum(calls)::float8 AS calls FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
      WHERE s.dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND r.rolname <> current_user`);
    return rows[0].calls ?? 0;
  }

  /** Which tables are not updated in place, and how often. */
  async notHot() {
    const { rows } = await this.admin.query(`
      SELECT schemaname || '.' || relname AS "table", n_tup_upd::float8 AS updates,
             (n_tup_hot_upd::float8 / n_tup_upd) AS "hotShare"
      FROM pg_stat_user_tables WHERE n_tup_upd > 100 AND n_tup_hot_upd < 0.9 * n_tup_upd AND schemaname <> 'ceiling' ORDER BY 2 DESC`);
    return rows;
  }

  async forgetStatements() {
    if (this.#statements) await this.admin.query('SELECT pg_stat_statements_reset()');
  }

  /** Statements that took the most time, of all roles but this one. */
  async dearest(limit = 15) {
    if (!this.#statements) return [];
    const { rows } = await this.admin.query(
      `SELECT r.rolname AS role, calls::float8, total_exec_time AS "totalMs", wal_bytes::float8 AS "walBytes",
              regexp_replace(query, '\\s+', ' ', 'g') AS query
       FROM pg_stat_statements s JOIN pg_roles r ON r.oid = s.userid
       WHERE r.rolname <> current_user ORDER BY total_exec_time DESC LIMIT $1`,
      [limit],
    );
    return rows;
  }
}
