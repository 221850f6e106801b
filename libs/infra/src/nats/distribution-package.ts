import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.ts';

/**
 * Takes nats-server out of the package of a Debian-like distribution, without installing it; works as any user.
 *
 * @throws if there is no apt, or it cannot reach its archive
 */
export async function unpackDistributionPackage(target: string): Promise<void> {
  const work = await mkdtemp(join(dirname(target), 'package-'));
  try {
    await downloadPackage(work);
    const deb = (await readdir(work)).find((name) => name.endsWith('.deb'));
    if (!deb) throw new Error('apt-get download left no package');
    await runCommand('dpkg', ['-x', deb, 'content'], { cwd: work });
    await rename(join(work, 'content/usr/sbin/nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function downloadPackage(work: string): Promise<void> {
  const download = ['download', 'nats-server'];
  try {
    await runCommand('apt-get', ['-qq', ...download], { cwd: work });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      throw new Error('there is no apt-get', { cause: error });
    // Fresh images have no package lists. Ours are fetched into the work directory: the system's stay as they are.
    await mkdir(join(work, 'lists/partial'), { recursive: true });
    await mkdir(join(work, 'cache/archives/partial'), { recursive: true });
    const own = ['-qq', '-o', `Dir::State::lists=${work}/lists`, '-o', `Dir::Cache=${work}/cache`];
    await runCommand('apt-get', [...own, 'update'], { cwd: work });
    await runCommand('apt-get', [...own, ...download], { cwd: work });
  }
}
