import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, runChild } from './child.mjs';

/** Runs `npm ci` unless node_modules holds what package-lock.json asks for. */
export async function installIfNeeded() {
  if (isInstalled()) return;
  console.log('Installing dependencies with npm ci; the first time takes a minute or two ...');
  // No install scripts: nothing here needs one. Development packages also under NODE_ENV=production: they build and test.
  const { code } = await npm([
    'ci',
    '--ignore-scripts',
    '--include=dev',
    '--include=optional',
    '--loglevel=error',
  ]);
  if (code === 0) return;
  console.error(
    'npm ci failed. It needs the npm registry; behind a proxy set npm_config_proxy and npm_config_https_proxy.',
  );
  process.exit(code);
}

/** Runs npm: the one that runs this script, else the one on PATH. */
export function npm(args, options) {
  const { npm_execpath: own } = process.env;
  return own?.endsWith('.js')
    ? runChild(process.execPath, [own, ...args], options)
    : runChild('npm', args, options);
}

/** npm keeps in node_modules a lockfile of what it installed; optional packages of other platforms are not in it. */
function isInstalled() {
  const path = join(root, 'node_modules/.package-lock.json');
  if (!existsSync(path)) return false;
  const installed = packagesOf(path);
  return Object.entries(packagesOf(join(root, 'package-lock.json'))).every(
    ([name, wanted]) =>
      !name.startsWith('node_modules/') || wanted.optional || installed[name]?.version === wanted.version,
  );
}

const packagesOf = (path) => JSON.parse(readFileSync(path, 'utf8')).packages;
