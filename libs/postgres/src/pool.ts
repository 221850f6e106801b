import pg from 'pg';

const { builtins } = pg.types;

export interface PoolOptions {
  /** Default 10. */
  max?: number;
  /** Shown in pg_stat_activity. */
  applicationName?: string;
  /** A connection was lost while idle; the pool replaces it. Default: one line on stderr. */
  onIdleError?: (error: Error) => void;
}

/**
 * A long statement takes longer to plan than to run for one row, and for a lone caller PostgreSQL would plan it each time: it
 * takes arrays to be longer than one when it compares. To compile it takes longer still.
 */
const PLAN_ONCE = '-c plan_cache_mode=force_generic_plan -c jit=off';

/**
 * A pool of connections. int8 is read as bigint and date as its text (a `Date` would shift it by the time zone);
 * numeric stays text.
 *
 * A connection that cannot be had in 5 s is an error, not a wait.
 */
export function createPool(url: string, options: PoolOptions = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max: options.max ?? 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: options.applicationName,
    options: PLAN_ONCE,
    types: { getTypeParser },
  });
  const onIdleError = options.onIdleError ?? logLoss;
  pool.on('error', (error) => pool.ending || onIdleError(error)); // On its way out a connection may be lost.
  // Lost while in use: the query under way rejects, but pg also emits 'error', which would end the process unheard.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

const getTypeParser: pg.CustomTypesConfig['getTypeParser'] = (oid, format) => {
  if (format !== 'binary' && oid === builtins.INT8) return BigInt;
  if (format !== 'binary' && oid === builtins.DATE) return String;
  return pg.types.getTypeParser(oid, format);
};

const logLoss = ({ message }: Error) => console.error(`postgres: idle connection lost: ${message}`);
