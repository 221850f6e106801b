import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { WORKSPACE } from '../../workspace.ts';

/** How Node is told to run something of this folder before a program: services themselves know nothing of faults. */
export function preloading(name: 'arm-failpoints' | 'shift-clock' | 'mutate'): { NODE_OPTIONS: string } {
  const file = path.join(WORKSPACE, 'apps', 'cli', 'dist', 'faults', 'preload', `${name}.js`);
  return { NODE_OPTIONS: `--import=${pathToFileURL(file).href}` };
}
