#!/usr/bin/env node
/** `npx couplet`. npm links it when it installs, which is before anything is built; so what is built cannot stand here. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const program = new URL('../dist/main.js', import.meta.url);
if (!existsSync(program)) build();
await import(program.href);

function build() {
  console.error('Building Couplet; this is done once and takes half a minute ...');
  const run = fileURLToPath(new URL('../../../scripts/run.mjs', import.meta.url));
  const { status } = spawnSync(process.execPath, [run, 'build'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}
