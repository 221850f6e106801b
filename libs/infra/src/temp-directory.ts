import { constants } from 'node:fs';
import { access, chown, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Owner } from './owner.ts';
import { guard } from './watchdog.ts';

export interface TempDirectory {
  path: string;
  /** Deletes the directory, unless it is kept. */
  remove(): Promise<void>;
}

/**
 * A new directory that is deleted with this process, however it ends, unless `keep`.
 *
 * @param owner the user that works in it, when that is not the present one
 */
export async function tempDirectory(
  name: string,
  { keep, owner }: { keep?: boolean; owner?: Owner } = {},
): Promise<TempDirectory> {
  const base = owner && !(await canBeEnteredByAll(tmpdir())) ? '/tmp' : tmpdir();
  await access(base, constants.W_OK);
  const path = await mkdtemp(join(base, `couplet-${name}-`));
  const release = keep ? undefined : guard({ kind: 'directory', path });
  if (owner) await chown(path, owner.uid, owner.gid);

  const remove = async () => {
    if (!release) return;
    await rm(path, { recursive: true, force: true, maxRetries: 5 });
    release();
  };
  return { path, remove };
}

async function canBeEnteredByAll(path: string): Promise<boolean> {
  if (((await stat(path)).mode & 0o001) === 0) return false;
  return dirname(path) === path || canBeEnteredByAll(dirname(path));
}
