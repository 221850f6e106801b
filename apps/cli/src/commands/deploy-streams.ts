import { applyStreams, connectNats } from '@couplet/nats';
import { parseConfig, ServiceConfig } from '@couplet/service-host';

const Config = ServiceConfig.pick({ NATS_URL: true, NATS_USER: true, NATS_PASSWORD: true });

/**
 * Brings streams and consumers to what the contracts ask for, as the NATS user `deployer`.
 *
 * @throws ConfigError if the environment does not say where NATS is
 */
export async function deployStreams(
  env: Readonly<Record<string, string | undefined>>,
  replicas: number,
): Promise<void> {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = parseConfig(Config, env);
  const connection = await connectNats({ url, name: 'deployer', user, password });
  await applyStreams(connection, { replicas }).finally(() => connection.close());
}
