import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Program, PROGRAMS } from '@couplet/contracts';
import { WORKSPACE } from '../workspace.ts';

const run = promisify(execFile);

/**
 * Brings the schemas of programs up to date, each by its own program and under its own role.
 *
 * @throws with what the program printed, if one fails
 */
export async function runMigrations(urls: Partial<Record<Program, string>>): Promise<void> {
  const programs = PROGRAMS.filter((program) => urls[program] !== undefined);
  await Promise.all(programs.map((program) => migrateOne(program, urls[program]!)));
}

async function migrateOne(name: Program, url: string): Promise<void> {
  const program = path.join('apps', name, 'dist', 'migrate.js');
  const { PATH, HOME } = process.env;
  try {
    await run(process.execPath, ['--enable-source-maps', program], {
      cwd: WORKSPACE,
      env: { PATH, HOME, DATABASE_URL: url },
    });
  } catch (error) {
    const { stderr } = error as { stderr?: string };
    throw new Error(`The migrations of ${name} failed (${program}):\n${stderr ?? ''}`, { cause: error });
  }
}
