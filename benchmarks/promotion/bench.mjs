/**
 * Evaluations per second of Couplet's discount engine and of Medusa's computeActions, on the same baskets and
 * promotions, in one process and one run; no timing is asserted. Installs Medusa on first use, in this folder alone.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const FOLDER = import.meta.dirname;
const WORKSPACE = path.join(FOLDER, '../..');

if (!existsSync(path.join(FOLDER, 'node_modules'))) {
  console.log('Installing @medusajs/promotion for this benchmark alone (some 250 MB) …');
  run('npm', ['ci', '--ignore-scripts', '--legacy-peer-deps'], FOLDER);
}
run('npx', ['nx', 'build', 'promotion'], WORKSPACE, { NX_DAEMON: 'false' });
const { compare } = await import('./compare.mjs');
await compare();

function run(command, args, cwd, env = {}) {
  const { status } = spawnSync(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  if (status !== 0) process.exit(status ?? 1);
}
