import type { HttpRoute } from '@couplet/contracts';
import { HttpProblemError } from '@couplet/contracts';
import { connectNats, RequestClient } from '@couplet/nats';
import type { NatsConnection } from '@nats-io/transport-node';
import type { z } from 'zod';
import type { Principal } from '../domain/principal.ts';

const TIMEOUT_MS = 5_000;

/** The services, asked as `gateway`, or as the relay that a store is registered with. */
export class Services {
  private constructor(
    private readonly gateway: RequestClient,
    private readonly relays: ReadonlyMap<string, { client: RequestClient; connection: NatsConnection }>,
  ) {}

  /** @param passwords of the relays, by name */
  static async connect(
    gateway: RequestClient,
    url: string,
    passwords: Readonly<Record<string, string>>,
  ): Promise<Services> {
    const relays = await Promise.all(
      Object.entries(passwords).map(async ([relay, password]) => {
        const connection = await connectNats({ url, name: relay, user: relay, password }).catch(
          (cause: unknown) => {
            throw new Error(`cannot ask in the name of relay ${relay}`, { cause });
          },
        );
        return [relay, { client: new RequestClient(connection, relay), connection }] as const;
      }),
    );
    return new Services(gateway, new Map(relays));
  }

  /**
   * @throws as RequestClient.request does
   * @throws HttpProblemError `invalid-request` for a card that no relay of this store could charge
   */
  ask(
    { contract, throughRelay, timeoutMs = TIMEOUT_MS }: HttpRoute,
    body: z.output<z.ZodType>,
    principal: Principal,
    traceparent: string,
  ): Promise<unknown> {
    const relay = throughRelay && principal.kind === 'client' ? principal.relay : undefined;
    if (throughRelay && relay === undefined) refuseCard(body);
    const client = relay === undefined ? this.gateway : this.relays.get(relay)!.client;
    return client.request(contract, body, { timeoutMs, traceparent });
  }

  /** What was asked is still answered; then the relays' connections end. */
  async onApplicationShutdown(): Promise<void> {
    await Promise.all([...this.relays.values()].map(({ connection }) => connection.close()));
  }
}

function refuseCard(body: unknown): void {
  if ((body as { payment?: unknown }).payment === undefined) return;
  const detail = 'this store is registered with no payment-network relay, so no card can be charged';
  throw new HttpProblemError('invalid-request', detail, undefined, [{ field: 'payment', detail }]);
}
