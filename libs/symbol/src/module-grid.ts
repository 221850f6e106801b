export type Symbology = 'qr' | 'aztec' | 'pdf417' | 'data-matrix' | 'code-128' | 'gs1-databar-coupon';

/** A bar code before it has a size: dark modules, row by row. Its quiet zone is mandatory and not part of the rows. */
export interface ModuleGrid {
  /** Modules across. */
  width: number;
  /** `height` in modules; `dark` holds 1 for each dark module. */
  rows: { height: number; dark: Uint8Array }[];
  /** Light modules that must surround it. */
  quiet: { across: number; along: number };
}

/** Height in modules, without the quiet zone. */
export function heightOf({ rows }: ModuleGrid): number {
  return rows.reduce((sum, { height }) => sum + height, 0);
}

/** Every row of modules from top to bottom, the quiet zone included, each row as often as it is high. */
export function rowsOfModules(grid: ModuleGrid): Uint8Array[] {
  const { across, along } = grid.quiet;
  const light = new Uint8Array(grid.width + 2 * across);
  const margin = Array.from({ length: along }, () => light);
  const body = grid.rows.flatMap(({ height, dark }) => {
    const row = new Uint8Array(light.length);
    row.set(dark, across);
    return Array.from({ length: height }, () => row);
  });
  return [...margin, ...body, ...margin];
}

/** The runs of dark modules in a row, from left to right. */
export function* darkRuns(dark: Uint8Array): Generator<{ start: number; length: number }> {
  for (let start = dark.indexOf(1); start !== -1;) {
    const end = dark.indexOf(0, start);
    const stop = end === -1 ? dark.length : end;
    yield { start, length: stop - start };
    start = dark.indexOf(1, stop);
  }
}

/** Turned by a quarter, so that a long symbol lies along the long side of a screen. */
export function turned(grid: ModuleGrid): ModuleGrid {
  const height = heightOf(grid);
  const rows: ModuleGrid['rows'] = [];
  for (let x = 0; x < grid.width; x++) {
    const last = rows.at(-1);
    if (last && grid.rows.every(({ dark }) => dark[x] === dark[x - 1])) last.height += 1;
    else rows.push({ height: 1, dark: column(grid, x, height) });
  }
  return { width: height, rows, quiet: { across: grid.quiet.along, along: grid.quiet.across } };
}

function column({ rows }: ModuleGrid, x: number, height: number): Uint8Array {
  const modules = new Uint8Array(height);
  let y = 0;
  for (const row of rows) {
    modules.fill(row.dark[x]!, y, y + row.height);
    y += row.height;
  }
  return modules;
}
