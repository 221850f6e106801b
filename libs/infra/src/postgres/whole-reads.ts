import type pg from 'pg';

/** As `EXPLAIN (FORMAT JSON)` says it, of what is asked here. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Cond'?: string;
  Plans?: PlanNode[];
}

interface Statement {
  readonly name: string;
  /** With parameters `$1`… */
  readonly text: string;
}

/**
 * For tests of what must not cost more as tables grow: statements that read tables whole, whatever they are given, and which.
 *
 * They are planned while PostgreSQL knows all tables to be empty, as those are of a new installation and queues most of the
 * time; such a plan is kept while millions of rows come, until the next ANALYZE. A scan of an index without a condition reads the
 * whole table too, unless a limit ends it before. Leaves everything as it was; needs PostgreSQL 16.
 *
 * @param database as the role that owns the tables, since a role may be set to plan otherwise than others
 */
export async function wholeReads(
  database: pg.Pool,
  statements: Iterable<Statement>,
): Promise<{ name: string; tables: string[] }[]> {
  const client = await database.connect();
  try {
    await client.query('BEGIN');
    await client.query(`DO $$ BEGIN EXECUTE (
      SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ') FROM pg_tables WHERE schemaname = current_schema
    ); END $$`);
    await client.query('ANALYZE');
    const found = [];
    for (const { name, text } of statements) {
      const explained = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `EXPLAIN (GENERIC_PLAN, FORMAT JSON) ${text}`,
      );
      found.push({ name, tables: readsIn(explained.rows[0]!['QUERY PLAN'][0].Plan) });
    }
    return found.filter(({ tables }) => tables.length > 0);
  } finally {
    await client.query('ROLLBACK');
    client.release();
  }
}

/** @param isLimited whether it is asked for no more than a few rows */
function readsIn(node: PlanNode, isLimited = false): string[] {
  const type = node['Node Type'];
  const limited = type === 'Limit' || (isLimited && !READS_ALL_FIRST.test(type));
  const below = (node.Plans ?? []).flatMap((child) => readsIn(child, limited));
  const table = node['Relation Name'];
  const reads = type === 'Seq Scan' || /^Index (Only )?Scan/.test(type);
  return table !== undefined && reads && !limited && !node['Index Cond'] ? [table, ...below] : below;
}

/** Before the first row that they give. */
const READS_ALL_FIRST = /^(Sort|Aggregate|Hash|Materialize|SetOp)$/;
