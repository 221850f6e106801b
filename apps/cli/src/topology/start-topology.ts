import { type Program, PROGRAMS } from '@couplet/contracts';
import {
  freePort,
  startNats,
  startPostgres,
  tempDirectory,
  type RunningNats,
  type RunningPostgres,
} from '@couplet/infra';
import { applyStreams, connectNats, type ConnectOptions } from '@couplet/nats';
import { settingsOf } from './environment.ts';
import { writeKeyFiles } from './key-files.ts';
import { natsUsers, RELAY, type UserName } from './nats-users.ts';
import { runMigrations } from './run-migrations.ts';
import { ServiceProcesses } from './service-processes.ts';

export type NatsConnection = Awaited<ReturnType<typeof connectNats>>;

export interface TopologyOptions {
  /** Leave databases, streams and logs, and say where. */
  keep?: boolean;
  /** false: PostgreSQL does not wait for its disk. For tests that kill no database. Default true. */
  durable?: boolean;
  /** Hears what is being started. */
  say?: (what: string) => void;
  /** Where the logs of services go; default: away, unless `keep`. */
  logDirectory?: string;
  /** Further settings of PostgreSQL itself; without effect where it is a server of somebody else's. */
  postgresSettings?: Record<string, string>;
  /** Further settings per program. */
  settings?: Partial<Record<Program, Record<string, string>>>;
}

/** Every program as a process of its own, on a PostgreSQL and a NATS of its own. */
export interface Topology {
  adminUrl: string;
  /** The database of each program, as its role. */
  databaseUrls: Readonly<Record<Program, string>>;
  postgres: RunningPostgres;
  nats: RunningNats;
  services: ServiceProcesses;
  /** Where the HTTP API is. */
  gatewayUrl: string;
  /** How that user connects. */
  accessOf(user: UserName): ConnectOptions;
  /** As the user of that name, with its permissions and no others. Closed by `stop` if not before. */
  connect(user: UserName): Promise<NatsConnection>;
  stop(): Promise<void>;
}

/**
 * Provides PostgreSQL and NATS, migrates, applies streams, and starts every service. All of it ends with this process.
 *
 * @throws if a part cannot be had or does not become ready; what had been started is ended
 */
export async function startTopology(options: TopologyOptions = {}): Promise<Topology> {
  const begun: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of begun.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(options, begun)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** @param begun receives how to end what was started, in the order of starting */
async function start(
  {
    keep = false,
    durable = true,
    say = () => undefined,
    logDirectory,
    postgresSettings,
    settings,
  }: TopologyOptions,
  begun: (() => Promise<void>)[],
): Promise<Omit<Topology, 'stop'>> {
  say('PostgreSQL');
  const postgres = await startPostgres({
    keep,
    durable,
    settings: { max_connections: '200', ...postgresSettings },
  });
  begun.push(() => postgres.stop());
  say('NATS');
  const users = natsUsers();
  const nats = await startNats({ keep, users });
  begun.push(() => nats.stop());
  const passwords = new Map<UserName, string>(users.map(({ user, password }) => [user, password]));
  const accessOf = (user: UserName) => ({ url: nats.url, name: user, user, password: passwords.get(user) });
  const connect = async (user: UserName) => {
    const connection = await connectNats(accessOf(user));
    begun.push(() => connection.close());
    return connection;
  };

  say('schemas, streams and keys');
  const urls = await postgres.provision(PROGRAMS);
  await runMigrations(urls);
  const deployer = await connect('deployer');
  await applyStreams(deployer).finally(() => deployer.close());
  const directory = await tempDirectory('demo', { keep });
  begun.push(() => directory.remove());
  const keys = await writeKeyFiles(directory.path);

  say(`${PROGRAMS.length} programs`);
  const gateway = { port: await freePort(), relayPasswords: { [RELAY]: passwords.get(RELAY)! } };
  const environmentOf = (name: Program) => ({
    LOG_LEVEL: 'warn',
    DATABASE_URL: urls[name],
    NATS_URL: nats.url,
    NATS_USER: name,
    NATS_PASSWORD: passwords.get(name)!,
    ...settingsOf(name, keys, gateway),
    ...settings?.[name],
  });
  const services = new ServiceProcesses(environmentOf, logDirectory ?? (keep ? directory.path : undefined));
  begun.push(() => services.stopAll());
  await services.startAll();
  if (keep) {
    say(
      `kept: logs in ${logDirectory ?? directory.path}, database in ${postgres.dataDirectory ?? postgres.adminUrl}, streams in ${nats.storeDirectory ?? nats.url}`,
    );
  }
  const gatewayUrl = `http://127.0.0.1:${gateway.port}`;
  return {
    adminUrl: postgres.adminUrl,
    databaseUrls: urls,
    postgres,
    nats,
    services,
    gatewayUrl,
    accessOf,
    connect,
  };
}
