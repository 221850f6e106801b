import { execFileSync } from 'node:child_process';
import path from 'node:path';

// npm leaves out, without a word, what is not there when it installs.
it('npm installs the command line, which explains itself', () => {
  const installed = path.join(import.meta.dirname, '..', 'node_modules', '.bin', 'couplet');
  expect(execFileSync(installed, ['explain', '--help'], { encoding: 'utf8' })).toMatch(
    /^Usage: couplet explain/,
  );
});
