import { createPool } from '@couplet/postgres';
import type pg from 'pg';

/** A statement that was run, and how many rows it gave or touched. */
export interface Statement {
  name: string;
  text: string;
  values: unknown[];
  rows: number;
}

type Answered = (error: Error | undefined, result: pg.QueryResult) => void;

/** A pool that remembers what it ran. */
export function countedPool(url: string): { pool: pg.Pool; ran: Statement[] } {
  const pool = createPool(url);
  const ran: Statement[] = [];
  pool.on('connect', (client) => {
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<pg.QueryResult> | undefined;
    client.query = ((...args: unknown[]) => {
      const statement = statementOf(args[0] as string | pg.QueryConfig);
      ran.push(statement);
      const counted = (result?: pg.QueryResult) => (statement.rows = result?.rowCount ?? 0);
      const answered = args.at(-1) as Answered | undefined; // The pool's own `query` asks with a callback.
      if (typeof answered !== 'function') return query(...args)!.then((result) => (counted(result), result));
      return query(...args.slice(0, -1), (error: Error | undefined, result: pg.QueryResult) => {
        counted(result);
        answered(error, result);
      });
    }) as typeof client.query;
  });
  return { pool, ran };
}

function statementOf(asked: string | pg.QueryConfig): Statement {
  const { name, text, values = [] } = typeof asked === 'string' ? { name: asked, text: asked } : asked;
  return { name: name ?? text, text, values: [...values], rows: 0 };
}
