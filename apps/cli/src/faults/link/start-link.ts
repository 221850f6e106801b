import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { randomOf } from '../random.ts';
import { FrameReader } from './frames.ts';
import { Lane, type LaneFaults, type LinkStats } from './lane.ts';

export interface LinkFaults {
  /** From the client to the server. */
  up?: LaneFaults;
  /** From the server to the client. */
  down?: LaneFaults;
  /** Ends every connection, and every new one at once. */
  cut?: boolean;
}

export interface LinkOptions {
  /** `nats://host:port` of the server. */
  target: string;
  /** Repeats the decisions for the same messages in the same order. */
  seed: number;
  faults?: LinkFaults;
}

/** A bad line between NATS clients and their server. It never breaks a message: whole ones are lost, late or doubled. */
export interface Link {
  /** Where clients connect instead of to the target. */
  url: string;
  stats: Readonly<LinkStats>;
  /** From now on these faults, and no others. */
  set(faults: LinkFaults): void;
  /** No faults from now on; what was swallowed stays lost. */
  heal(): void;
  /** The connections of now are dead for ever without being closed; new ones are as they should be. */
  strand(): void;
  close(): Promise<void>;
}

/** Both directions in one; a direction of its own is a property. */
export const bothWays = (faults: LaneFaults): LinkFaults => ({ up: faults, down: faults });

export async function startLink({ target, seed, faults = {} }: LinkOptions): Promise<Link> {
  const { hostname, port } = new URL(target);
  const stats: LinkStats = { passed: 0, dropped: 0, duplicated: 0, reordered: 0 };
  const connections = new Set<Connection>();
  let current = faults;
  let made = 0;

  const server = createServer((client) => {
    if (current.cut) {
      client.destroy();
      return;
    }
    const upstream = connect({ host: hostname, port: Number(port || 4222), noDelay: true });
    const connection = new Connection(client, upstream, seed + made++, stats, () => current);
    connections.add(connection);
    connection.onEnd = () => connections.delete(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  const endAll = () => connections.forEach((connection) => connection.end());
  const set = (next: LinkFaults) => {
    current = next;
    if (next.cut) endAll();
  };
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stats,
    set,
    heal: () => set({}),
    strand: () => connections.forEach((connection) => connection.strand()),
    async close() {
      const closed = once(server, 'close');
      server.close();
      endAll();
      await closed;
    },
  };
}

class Connection {
  onEnd: () => void = () => undefined;
  private readonly lanes: Lane[];
  private stranded = false;

  constructor(
    private readonly client: Socket,
    private readonly upstream: Socket,
    seed: number,
    stats: LinkStats,
    faults: () => LinkFaults,
  ) {
    const random = randomOf(seed);
    const lane = (from: Socket, to: Socket, faultsOfLane: () => LaneFaults) => {
      const reader = new FrameReader();
      const lane = new Lane(to, random, stats, () => (this.stranded ? { halfOpen: true } : faultsOfLane()));
      from.on('data', (bytes: Buffer) => reader.read(bytes).forEach((frame) => lane.take(frame)));
      // One side's end is the end of both, unless nobody may learn of it.
      from.on('close', () => (this.stranded ? undefined : this.end()));
      from.on('error', () => undefined); // 'close' follows.
      return lane;
    };
    client.setNoDelay(true);
    this.lanes = [
      lane(client, upstream, () => faults().up ?? {}),
      lane(upstream, client, () => faults().down ?? {}),
    ];
  }

  strand(): void {
    this.stranded = true;
  }

  end(): void {
    for (const lane of this.lanes) lane.end();
    this.client.destroy();
    this.upstream.destroy();
    this.onEnd();
  }
}
