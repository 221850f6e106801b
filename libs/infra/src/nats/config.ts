export interface NatsUser {
  user: string;
  password: string;
  /** Absent: may do everything. */
  permissions?: NatsPermissions;
}

export interface NatsPermissions {
  publish?: { allow?: readonly string[]; deny?: readonly string[] };
  subscribe?: { allow?: readonly string[]; deny?: readonly string[] };
  /** Publish to the reply subject of a request it received. */
  allow_responses?: boolean | { max: number; expires: string };
}

export interface NatsConfig {
  host: string;
  port: number;
  storeDirectory: string;
  /** Default 1 MiB, the server's own default. */
  maxPayloadBytes?: number;
  /** Loopback port of the monitoring endpoints; absent: none. */
  monitorPort?: number;
  users?: readonly NatsUser[];
  /** fsync before every acknowledgement of a stream; servers before 2.10 do not know it and refuse the key. */
  syncAlways: boolean;
}

/** nats-server reads JSON as its configuration; quoted strings are never taken for variables. */
export function natsConfig({
  host,
  port,
  storeDirectory,
  maxPayloadBytes,
  monitorPort,
  users,
  syncAlways,
}: NatsConfig): string {
  return quoted({
    host,
    port,
    ...(monitorPort !== undefined && { http: `${host}:${monitorPort}` }),
    max_payload: maxPayloadBytes ?? 1_048_576,
    // By default a dead connection is given requests for six minutes, which nobody then answers.
    ping_interval: '10s',
    ping_max: 2,
    jetstream: { store_dir: storeDirectory, ...(syncAlways && { sync_interval: 'always' }) },
    ...(users && { authorization: { users } }),
  });
}

function quoted(config: object): string {
  const json = JSON.stringify(config, null, 2);
  // JSON writes control characters as \uXXXX, which the server does not read.
  if (/\\[ubf]/.test(json.replaceAll('\\\\', ''))) {
    throw new Error('A NATS user, password or subject contains a control character');
  }
  return json;
}
