import { execFileSync } from 'node:child_process';

export interface Owner {
  uid: number;
  gid: number;
}

/**
 * The user that runs PostgreSQL, which refuses to run as root.
 *
 * @returns undefined when this process is not root and can run it itself
 * @throws if this process is root and the system has no user `nobody`
 */
export function postgresOwner(): Owner | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const id = (flag: string) => Number(execFileSync('id', [flag, 'nobody'], { encoding: 'utf8' }));
  return { uid: id('-u'), gid: id('-g') };
}
