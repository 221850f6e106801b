import { darkRuns, type ModuleGrid, rowsOfModules } from './module-grid.ts';

/** One path of all dark runs, in modules; `crispEdges` keeps a browser from making grey edges. */
export function writeSvg(grid: ModuleGrid, modulePx: number): string {
  const { across, along } = grid.quiet;
  const width = grid.width + 2 * across;
  const height = rowsOfModules(grid).length;
  let y = along;
  let path = '';
  for (const row of grid.rows) {
    for (const { start, length } of darkRuns(row.dark)) {
      path += `M${across + start} ${y}h${length}v${row.height}h-${length}z`;
    }
    y += row.height;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * modulePx}" height="${height * modulePx}" ` +
    `viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${width}v${height}H0z"/><path d="${path}"/></svg>`
  );
}
