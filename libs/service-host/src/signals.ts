import type { Logger } from 'pino';

const STUCK_MS = 30_000;

/**
 * SIGTERM and SIGINT drain and let the process end by itself; a second one, or a drain that hangs, ends it at once.
 * @returns how to take the signals back
 */
export function stopOnSignals(logger: Logger, stop: () => Promise<void>): () => void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    logger.info({ msg: 'signal', signal });
    if (stopping) process.exit(1);
    stopping = true;
    setTimeout(() => process.exit(1), STUCK_MS).unref();
    stop().catch((error: unknown) => {
      logger.fatal({ msg: 'could not stop in order', error });
      process.exit(1);
    });
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return () => {
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  };
}
