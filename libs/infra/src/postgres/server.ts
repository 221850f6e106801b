export interface PostgresOptions {
  /** false turns fsync and synchronous commit off: for tests that do not look at durability. Default true. */
  durable?: boolean;
  /** Further server settings, e.g. `{ shared_buffers: '1GB' }`; ignored with DATABASE_URL. */
  settings?: Record<string, string>;
  /** Leave the data and say where it is. */
  keep?: boolean;
}

/** A server of whatever origin, as `startPostgres` sees it. */
export interface PostgresServer {
  /** Superuser (or owner) access to a database that is ours. */
  adminUrl: string;
  /** Put before every role name, because roles of a server that is not ours are shared. */
  rolePrefix: string;
  dataDirectory?: string;
  /** SIGKILL, as in a power cut. Data stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same data; stops it first if it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
