import { createHash } from 'node:crypto';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { runCommand } from './run-command.ts';

export const RELEASE = '2.14.6';

/** SHA-256 of nats-server-v2.14.6-<platform>.tar.gz, from a package list that ships them; a mismatch refuses the archive. */
const CHECKSUMS: Record<string, string> = {
  'linux-amd64': '61c3d55f69f61ec616b75782250936445f2819e9e5f2ae6159b10a31abd2200c',
  'linux-arm64': '3ff6e463762db64186a36cf0276dae8320509e995151ad0153ba9c9f67eee3f9',
  'darwin-amd64': '239d4f3314334cc86cb12d7c252cf9b3461364451cc8ec5a39fb4915acd717c1',
  'darwin-arm64': '291b9aa8c342b3cdcc53d872585bd467de4b5c9acf375066d882eb5412a09d55',
};
const CONNECT_TIMEOUT_MS = 5_000;
const DOWNLOAD_TIMEOUT_MS = 120_000;

/**
 * Downloads the pinned release of nats-server for this platform to `target`.
 *
 * @throws if there is none, GitHub does not answer within 5 s, or the checksum differs
 */
export async function downloadRelease(target: string): Promise<void> {
  const platform = `${process.platform}-${process.arch === 'x64' ? 'amd64' : process.arch}`;
  const checksum = CHECKSUMS[platform];
  if (!checksum) throw new Error(`no release of nats-server is pinned for ${platform}`);

  const name = `nats-server-v${RELEASE}-${platform}`;
  const archive = await download(
    `https://github.com/nats-io/nats-server/releases/download/v${RELEASE}/${name}.tar.gz`,
  );
  const actual = createHash('sha256').update(archive).digest('hex');
  if (actual !== checksum) throw new Error(`${name}.tar.gz has checksum ${actual}, not ${checksum}`);

  const work = await mkdtemp(join(dirname(target), 'download-'));
  try {
    await writeFile(join(work, 'archive.tar.gz'), archive);
    await runCommand('tar', ['-xzf', 'archive.tar.gz'], { cwd: work });
    await rename(join(work, name, 'nats-server'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(url: string): Promise<Buffer> {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(new Error('no answer in 5 s')), CONNECT_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(new Error('download takes longer than 2 min')), DOWNLOAD_TIMEOUT_MS);
    return Buffer.from(await response.arrayBuffer());
  } finally {
    clearTimeout(timer);
  }
}
