import { parseConfig, ServiceConfig } from '@couplet/service-host';

const Config = ServiceConfig.pick({ NATS_URL: true, NATS_USER: true, NATS_PASSWORD: true });

/**
 * Where NATS is, and as whom: NATS_URL, NATS_USER and NATS_PASSWORD, or the files that each with `_FILE` names.
 *
 * @throws ConfigError if the environment does not say where
 */
export function natsAccess(env: Readonly<Record<string, string | undefined>> = process.env) {
  const { NATS_URL: url, NATS_USER: user, NATS_PASSWORD: password } = parseConfig(Config, env);
  return { url, user, password };
}
