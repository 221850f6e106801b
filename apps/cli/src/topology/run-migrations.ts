import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { SERVICES, type Service } from '@couplet/contracts';
import { WORKSPACE } from '../workspace.ts';

const run = promisify(execFile);

/**
 * Brings the schemas of services up to date, each by its own program and under its own role.
 *
 * @throws with what the program printed, if one fails
 */
export async function runMigrations(urls: Partial<Record<Service, string>>): Promise<void> {
  const services = SERVICES.filter((service) => urls[service] !== undefined);
  await Promise.all(services.map((service) => migrateOne(service, urls[service]!)));
}

async function migrateOne(service: Service, url: string): Promise<void> {
  const program = path.join('apps', service, 'dist', 'migrate.js');
  const { PATH, HOME } = process.env;
  try {
    await run(process.execPath, ['--enable-source-maps', program], {
      cwd: WORKSPACE,
      env: { PATH, HOME, DATABASE_URL: url },
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`The migrations of ${service} failed (${program}):\n${stderr ?? ''}`, { cause: error });
  }
}
