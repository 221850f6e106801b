import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { unpackDistributionPackage } from './distribution-package.ts';
import { downloadRelease, RELEASE } from './release.ts';

/** Why each way to a nats-server failed. */
export type NoBinary = { reasons: string[] };

/**
 * Finds nats-server: on PATH, in the cache (`$XDG_CACHE_HOME/couplet`), or fetches it there from its GitHub release,
 * else from the distribution's package.
 */
export async function findNatsServer(): Promise<string | NoBinary> {
  for (const directory of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(directory, 'nats-server');
    if (directory && (await isExecutable(path))) return path;
  }

  const cache = join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'couplet');
  const sources = [
    {
      path: join(cache, `nats-server-${RELEASE}-${process.platform}-${process.arch}`),
      fetch: downloadRelease,
    },
    { path: join(cache, `nats-server-packaged-${process.arch}`), fetch: unpackDistributionPackage },
  ];
  for (const { path } of sources) if (await isExecutable(path)) return path;

  const reasons: string[] = [];
  for (const { path, fetch } of sources) {
    try {
      await mkdir(cache, { recursive: true });
      await fetch(path);
      return path;
    } catch (error) {
      reasons.push(reason(error));
    }
  }
  return { reasons };
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message} (${error.cause.message})` : error.message.trim();
}
