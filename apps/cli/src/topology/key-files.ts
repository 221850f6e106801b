import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';

export interface KeyFiles {
  tokenKey: string;
  fingerprintKey: string;
  /** Of the bar codes. */
  codeKeys: string;
  gatewayKey: string;
}

/** New keys of this run, `<key id>:<base64 of 32 bytes>`, readable by this user only. */
export async function writeKeyFiles(directory: string): Promise<KeyFiles> {
  const write = async (name: string) => {
    const file = path.join(directory, name);
    await writeFile(file, `${newKey('demo')}\n`, { mode: 0o600 });
    return file;
  };
  return {
    tokenKey: await write('token.key'),
    fingerprintKey: await write('fingerprint.key'),
    codeKeys: await write('code.key'),
    gatewayKey: await write('gateway.key'),
  };
}

/** @param kid name of the key, the first part of every token made with it */
export function newKey(kid: string): string {
  return `${kid}:${randomBytes(32).toString('base64')}`;
}
