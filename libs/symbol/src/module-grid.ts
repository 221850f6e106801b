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

/** Turned by a quarter, so that a long symbol lies along the long side of a screen. */
export function turned(grid: ModuleGrid): ModuleGrid {
  const modules = rowsOfModules({ ...grid, quiet: { across: 0, along: 0 } });
  const rows = Array.from({ length: grid.width }, (_, x) => ({
    height: 1,
    dark: Uint8Array.from(modules, (row) => row[x]!),
  }));
  return { width: modules.length, rows, quiet: { across: grid.quiet.along, along: grid.quiet.across } };
}
