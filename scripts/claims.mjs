/**
 * Holds docs/claims.md against the tests. A claim is shown by a test on the running system whose title carries it, such as
 * `[000-9] …`; so such a title may stand only in a test that needs the system, `*.int.spec.ts`.
 *
 *   node scripts/claims.mjs           fails when the table and the tests disagree
 *   node scripts/claims.mjs --write   writes the column "Shown by"
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';

const CLAIMS_BY_SEED = { '000': 19, '003': 83, '004': 24 };
const OPEN = 'open';
const root = join(import.meta.dirname, '..');
const page = join(root, 'docs/claims.md');

const known = Object.entries(CLAIMS_BY_SEED).flatMap(([seed, last]) =>
  Array.from({ length: last }, (_, index) => `${seed}-${index + 1}`),
);
const { testsByClaim, faults } = readTests();
const text = readFileSync(page, 'utf8');
const written = text.replace(/^\| (\d{3}-\d+) \|.*$/gm, (row, claim) =>
  withTests(row, testsByClaim.get(claim)),
);
const rows = [...text.matchAll(/^\| (\d{3}-\d+) \|.*$/gm)].map(([row, claim]) => ({ row, claim }));

for (const claim of known) {
  const count = rows.filter((row) => row.claim === claim).length;
  if (count !== 1) faults.push(`docs/claims.md has ${count} rows for ${claim}; it needs one`);
}
for (const { claim } of rows)
  if (!known.includes(claim)) faults.push(`docs/claims.md: no seed has claim ${claim}`);
for (const claim of testsByClaim.keys())
  if (!known.includes(claim)) faults.push(`a test names claim ${claim}, which no seed has`);

if (process.argv.includes('--write')) writeFileSync(page, written);
else if (written !== text) {
  const stale = rows.filter(({ row, claim }) => row !== withTests(row, testsByClaim.get(claim)));
  for (const { claim } of stale) {
    faults.push(
      `docs/claims.md, ${claim}: the tests that carry it are ${(testsByClaim.get(claim) ?? ['none']).join(', ')}`,
    );
  }
  faults.push('run `npm run claims -- --write`');
}

const open = known.filter((claim) => !testsByClaim.has(claim));
if (open.length > 0) console.log(`Not yet shown: ${open.join(' ')}`);
for (const fault of faults) console.error(fault);
console.log(`${known.length - open.length} of ${known.length} claims shown`);
process.exitCode = faults.length > 0 ? 1 : 0;

/** Test files by the claims their titles carry. */
function readTests() {
  const testsByClaim = new Map();
  const faults = [];
  for (const file of testFiles()) {
    const titles = [
      ...readFileSync(join(root, file), 'utf8').matchAll(
        /\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*(['"`])(.*?)\1/g,
      ),
    ];
    const claims = new Set(
      titles.flatMap(([, , title]) => [...title.matchAll(/\[(\d{3}-\d+)\]/g)].map(([, claim]) => claim)),
    );
    if (claims.size > 0 && !file.endsWith('.int.spec.ts')) {
      faults.push(
        `${file} names claims ${[...claims].join(', ')} but does not run the system: only *.int.spec.ts may`,
      );
    }
    for (const claim of claims) testsByClaim.set(claim, [...(testsByClaim.get(claim) ?? []), file]);
  }
  return { testsByClaim, faults };
}

function testFiles() {
  const projects = ['apps', 'libs'].flatMap((group) =>
    readdirSync(join(root, group)).map((name) => join(root, group, name)),
  );
  return [...projects.flatMap((project) => [join(project, 'src'), join(project, 'test')]), join(root, 'test')]
    .flatMap(specsIn)
    .map((file) => relative(root, file))
    .sort();
}

function specsIn(folder) {
  try {
    return readdirSync(folder, { recursive: true })
      .filter((name) => name.endsWith('.spec.ts'))
      .map((name) => join(folder, name));
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  }
}

function withTests(row, tests) {
  const cells = row.split('|');
  cells[cells.length - 2] = ` ${tests ? tests.map((file) => `\`${file}\``).join(', ') : OPEN} `;
  return cells.join('|');
}
