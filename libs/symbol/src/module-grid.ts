export type Symbology = 'qr' | 'aztec' | 'pdf417' | 'data-matrix' | 'code-128' | 'gs1-databar-coupon';

/** A bar code before it has a size. Its quiet zone is mandatory and not part of the rows. */
export interface ModuleGrid {
  /** Modules across. */
  width: number;
  rows: ModuleRow[];
  /** Light modules that must surround it. */
  quiet: { across: number; along: number };
}

/** One row, `height` modules high, by its runs of dark modules from left to right: they are all that any picture draws. */
interface ModuleRow {
  height: number;
  runs: Run[];
}

export interface Run {
  start: number;
  length: number;
}

/** Size in modules, the quiet zone included. */
export function sizeOf({ width, rows, quiet }: ModuleGrid): { width: number; height: number } {
  return { width: width + 2 * quiet.across, height: heightOf(rows) + 2 * quiet.along };
}

/** Everything dark, in modules from the upper left corner of the quiet zone. */
export function* darkRectangles({
  rows,
  quiet,
}: ModuleGrid): Generator<{ x: number; y: number; width: number; height: number }> {
  let y = quiet.along;
  for (const { height, runs } of rows) {
    for (const { start, length } of runs) yield { x: quiet.across + start, y, width: length, height };
    y += height;
  }
}

/** Turned by a quarter, so that a long symbol lies along the long side of a screen. */
export function turned({ width, rows, quiet }: ModuleGrid): ModuleGrid {
  const modules = rows.map((row) => modulesOf(row, width));
  const columns: ModuleRow[] = [];
  let last: ModuleRow | undefined;
  for (let x = 0; x < width; x++) {
    if (last && areSame(modules, x - 1, x)) last.height += 1;
    else columns.push((last = { height: 1, runs: columnOf(rows, modules, x) }));
  }
  return {
    width: heightOf(rows),
    rows: columns,
    quiet: { across: quiet.along, along: quiet.across },
  };
}

/** The dark runs among modules that are 1 where dark. */
export function runsOf(modules: ArrayLike<number>): Run[] {
  const runs: Run[] = [];
  for (let x = 0; x < modules.length; x++) {
    if (modules[x] !== 1) continue;
    const start = x;
    while (modules[x] === 1) x++;
    runs.push({ start, length: x - start });
  }
  return runs;
}

function modulesOf({ runs }: ModuleRow, width: number): Uint8Array {
  const modules = new Uint8Array(width);
  for (const { start, length } of runs) modules.fill(1, start, start + length);
  return modules;
}

function areSame(modules: readonly Uint8Array[], x: number, other: number): boolean {
  for (const row of modules) if (row[x] !== row[other]) return false;
  return true;
}

function columnOf(rows: readonly ModuleRow[], modules: readonly Uint8Array[], x: number): Run[] {
  const runs: Run[] = [];
  let y = 0;
  let above: Run | undefined;
  for (let row = 0; row < rows.length; row++) {
    const { height } = rows[row]!;
    if (modules[row]![x] === 0) above = undefined;
    else if (above) above.length += height;
    else runs.push((above = { start: y, length: height }));
    y += height;
  }
  return runs;
}

function heightOf(rows: readonly ModuleRow[]): number {
  return rows.reduce((sum, { height }) => sum + height, 0);
}
