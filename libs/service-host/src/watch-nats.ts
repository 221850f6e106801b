import type { NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';

/**
 * Logs what happens to the connection. It comes back by itself from everything but refused credentials; then the service
 * stops with exit code 1, so that whoever supervises it starts it with the credentials of today.
 */
export function watchNats(connection: NatsConnection, logger: Logger, stop: () => Promise<void>): void {
  void (async () => {
    for await (const status of connection.status()) {
      if (status.type === 'error') logger.error({ msg: 'NATS', error: status.error });
      else if (status.type !== 'ping') logger.info({ msg: 'NATS', status: status.type });
    }
  })();
  void connection.closed().then(async (error) => {
    if (!error) return; // Closed on purpose.
    logger.fatal({ msg: 'NATS connection is gone for good', error });
    process.exitCode = 1;
    await stop();
  });
}
