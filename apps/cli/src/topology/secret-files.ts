import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** A folder of secrets, each in a file that one user alone may read. */
export class SecretFiles {
  /** @param uid that user; default: the one of this process */
  constructor(
    private readonly directory: string,
    private readonly uid?: number,
  ) {}

  /** The secret of that name; `make` makes it when it is not there yet. */
  async keep(name: string, make: () => string): Promise<string> {
    try {
      return (await readFile(path.join(this.directory, name), 'utf8')).trimEnd();
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
      const secret = make();
      await this.write(name, secret);
      return secret;
    }
  }

  /** Replaces the file as a whole: whoever reads meanwhile sees the old one or the new one. */
  async write(name: string, text: string): Promise<void> {
    const file = path.join(this.directory, name);
    const next = `${file}.next`;
    await mkdir(this.directory, { recursive: true });
    await rm(next, { force: true });
    await writeFile(next, `${text}\n`, { mode: 0o400, flush: true });
    if (this.uid !== undefined) await chown(next, this.uid, this.uid);
    await rename(next, file);
  }
}
