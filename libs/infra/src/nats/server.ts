import type { NatsConfig, NatsUser } from './config.ts';

export interface NatsOptions {
  /** Nobody else may connect; absent: everybody on this machine may. */
  users?: readonly NatsUser[];
  maxPayloadBytes?: NatsConfig['maxPayloadBytes'];
  /** Serve the monitoring endpoints on a free loopback port, `monitorUrl`. */
  monitor?: boolean;
  /** Leave the JetStream store and say where it is. */
  keep?: boolean;
}

export interface RunningNats {
  /** Without credentials; the users are the ones passed in. */
  url: string;
  version: string;
  /** Whether an acknowledged message is on disk (`sync_interval: always`, servers from 2.10). */
  syncAlways: boolean;
  monitorUrl?: string;
  storeDirectory?: string;
  /** SIGKILL. The store stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port with the same store; stops it first if it runs. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}
