import { randomUUID } from 'node:crypto';
import { cleanUpByScript } from './run-script.ts';

/** Images for TEST_INFRA=containers and for machines that have an engine but no nats-server. */
export const POSTGRES_IMAGE = 'postgres:17-alpine';
export const NATS_IMAGE = 'nats:2.10-alpine';

/**
 * A label for one container. What carries it is removed with this process, however that ends: Testcontainers' own
 * reaper needs an image more and is often switched off.
 */
export function containerLabel(): { labels: Record<string, string>; remove: () => Promise<void> } {
  const [label, value] = ['couplet.infra', randomUUID()];
  return { labels: { [label]: value }, remove: cleanUpByScript('remove-containers', { label, value }) };
}

/** SIGKILL and start of a container, which Testcontainers does not offer. */
export async function containerById(
  id: string,
): Promise<{ kill(): Promise<unknown>; start(): Promise<unknown>; running(): Promise<boolean> }> {
  const { getContainerRuntimeClient } = await import('testcontainers');
  const container = (await getContainerRuntimeClient()).container.dockerode.getContainer(id);
  return {
    kill: () => container.kill({ signal: 'SIGKILL' }),
    start: () => container.start(),
    running: async () => (await container.inspect()).State.Running,
  };
}
