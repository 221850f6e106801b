import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface KeyFiles {
  tokenKey: string;
  fingerprintKey: string;
}

/** New keys of this run, `<key id>:<base64 of 32 bytes>`, readable by this user only. */
export async function writeKeyFiles(directory: string): Promise<KeyFiles> {
  const write = async (name: string) => {
    const file = path.join(directory, name);
    await writeFile(file, `demo:${randomBytes(32).toString('base64')}\n`, { mode: 0o600 });
    return file;
  };
  return { tokenKey: await write('token.key'), fingerprintKey: await write('fingerprint.key') };
}
