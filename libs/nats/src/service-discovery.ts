import { Svcm, type Service, type ServiceInfo, type ServiceStats } from '@nats-io/services';
import type { NatsConnection } from '@nats-io/transport-node';
import type { EndpointStats } from './endpoint-stats.ts';

/**
 * Answers `$SRV.PING`, `$SRV.INFO` and `$SRV.STATS`.
 *
 * The library subscribes each endpoint by itself and counts only synchronous time. Ours share one subscription and are
 * counted by the transport, so the library gets no endpoints and its two descriptions are completed here.
 */
export async function announce(
  connection: NatsConnection,
  service: { readonly name: string; readonly version: string; readonly description: string },
  endpoints: readonly EndpointStats[],
): Promise<Service> {
  // The library is typed against an earlier release of the same client.
  const manager = new Svcm(connection as unknown as ConstructorParameters<typeof Svcm>[0]);
  const announced = await manager.add({ ...service, queue: service.name });
  const { info, stats } = announced;
  return Object.assign(announced, {
    info(): ServiceInfo {
      const described = endpoints.map(({ name, subject, queueGroup }) => ({
        name,
        subject,
        queue_group: queueGroup,
      }));
      return { ...info.call(announced), endpoints: described };
    },
    async stats(): Promise<ServiceStats> {
      return {
        ...(await stats.call(announced)),
        endpoints: endpoints.map((endpoint) => endpoint.snapshot()),
      };
    },
  });
}
