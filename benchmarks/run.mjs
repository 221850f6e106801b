/**
 * `node benchmarks/run.mjs <folder> <program> [arguments]`: builds what it measures, installs what only this folder needs, runs it.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const [folder, program, ...rest] = process.argv.slice(2);
const workspace = path.dirname(import.meta.dirname);
const here = path.join(import.meta.dirname, folder);

run('npx', ['nx', 'run-many', '-t', 'build', '--outputStyle', 'static'], workspace, 'ignore');
if (existsSync(path.join(here, 'package-lock.json')) && !existsSync(path.join(here, 'node_modules'))) {
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], here, 'inherit');
}
run(process.execPath, [program, ...rest], here, 'inherit');

function run(command, args, cwd, stdout) {
  const env = { ...process.env, NX_DAEMON: 'false' };
  const { status } = spawnSync(command, args, { cwd, env, stdio: ['ignore', stdout, 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
