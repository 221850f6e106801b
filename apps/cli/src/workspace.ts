import { fileURLToPath } from 'node:url';

/** The checkout, in which services are built and started. The same depth from `src/` and from `dist/`. */
export const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
export const SAMPLE = fileURLToPath(new URL('../sample', import.meta.url));
