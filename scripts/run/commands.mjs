import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { root, runChild } from './child.mjs';
import { installIfNeeded, npm } from './install.mjs';

const commands = {
  build: () => 0, // Which comes before every command.
  demo: couplet('demo'),
  faults: couplet('faults'),
  conformance: couplet('conformance'),
  test,
  check,
};
const CHECKS = {
  format: () => runTool('prettier', ['--check', '.'], { capture: true }),
  lint: () => runTool('eslint', ['.'], { capture: true }),
  types: () => runTool('typescript', ['--noEmit', '-p', 'tsconfig.json'], { bin: 'tsc', capture: true }),
  'dead code': () => runTool('knip', [], { capture: true }),
  contracts: () => npm(['run', '--silent', 'contracts:check'], { capture: true }),
  claims: () => npm(['run', '--silent', 'claims'], { capture: true }),
  'state diagrams': () => npm(['run', '--silent', 'states'], { capture: true }),
};

/** @param {string[]} argv the command and its arguments */
export async function main([name, ...args]) {
  if (!Object.hasOwn(commands, name ?? '')) {
    console.error(`Usage: node scripts/run.mjs ${Object.keys(commands).join('|')} [arguments]`);
    process.exit(2);
  }
  await installIfNeeded();
  await build();
  process.exit(await commands[name](args));
}

/** @param {string} command of the command line */
function couplet(command) {
  return async (args) => {
    const program = ['--enable-source-maps', 'apps/cli/dist/main.js', command, ...args];
    const { code } = await runChild(process.execPath, program);
    return code;
  };
}

async function test(args) {
  // Jest needs the flag for ES modules; the warning about it would stand before every test file.
  const { code } = await runTool('jest', args, {
    node: ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  });
  return code;
}

/** Runs every check even after a failure: one run shows everything there is to repair. */
async function check() {
  const failed = [];
  for (const [name, runCheck] of Object.entries(CHECKS)) {
    const started = performance.now();
    const { code, output } = await runCheck();
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${code === 0 ? '✔' : '✘'} ${name} (${seconds} s)`);
    if (code !== 0) failed.push(name);
    const shown =
      code === 0
        ? output
            .trimEnd()
            .split('\n')
            .slice(name === 'claims' ? -1 : Infinity)
        : [output.trimEnd()];
    for (const text of shown) if (text) console.log(text.replace(/^/gm, '  '));
  }
  console.log(
    `${Object.keys(CHECKS).length - failed.length} checks passed, ${failed.length} failed${failed.length ? `: ${failed.join(', ')}` : ''}`,
  );
  return failed.length === 0 ? 0 : 1;
}

async function build() {
  const sockets = mkdtempSync(join(tmpdir(), 'couplet-nx-')); // A path below the checkout can be too long for a socket.
  const { code, output } = await runTool('nx', ['run-many', '-t', 'build', '--outputStyle=static'], {
    capture: true,
    env: { NX_SOCKET_DIR: join(sockets, 's') },
  });
  rmSync(sockets, { recursive: true, force: true });
  if (code === 0) return;
  console.error(`${output}\nThe build failed.`);
  process.exit(code);
}

/** Runs the program of an installed package with this Node, without a shell between. */
function runTool(packageName, args, { bin = packageName, node = [], ...options } = {}) {
  const directory = join(root, 'node_modules', packageName);
  const { bin: bins } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
  const program = join(directory, typeof bins === 'string' ? bins : bins[bin]);
  return runChild(process.execPath, [...node, program, ...args], options);
}
