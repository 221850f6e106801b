import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { exportedFiles } from './exports.ts';

/** Writes the exports; with `--check` writes nothing and fails when one is stale. */
const root = join(import.meta.dirname, '../../../..');
const FOLDERS = ['docs/messages', 'docs/messages/schemas'];

const files = exportedFiles();
const stale = [...files].filter(
  ([path, text]) => !existsSync(join(root, path)) || readFileSync(join(root, path), 'utf8') !== text,
);
const orphans = FOLDERS.flatMap((folder) =>
  existsSync(join(root, folder)) ? readdirSync(join(root, folder), { withFileTypes: true }) : [],
)
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
  .filter((path) => !files.has(path));

if (process.argv.includes('--check')) {
  for (const [path] of stale) console.error(`stale: ${path}`);
  for (const path of orphans) console.error(`no contract makes this any more: ${path}`);
  if (stale.length + orphans.length > 0) {
    console.error('Run `npm run contracts:export` and commit what it writes.');
    process.exit(1);
  }
  console.log(`${files.size} exports of the contracts are fresh`);
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  for (const path of orphans) rmSync(join(root, path));
  console.log(`${files.size} files, ${stale.length} written, ${orphans.length} removed`);
}
