import { applyStreams, connectNats } from '@couplet/nats';
import { natsAccess } from './nats-access.ts';

/**
 * Brings streams and consumers to what the contracts ask for, as the NATS user `deployer`.
 *
 * @throws ConfigError if the environment does not say where NATS is
 */
export async function deployStreams(
  env: Readonly<Record<string, string | undefined>>,
  replicas: number,
): Promise<void> {
  const connection = await connectNats({ ...natsAccess(env), name: 'deployer' });
  await applyStreams(connection, { replicas }).finally(() => connection.close());
}
