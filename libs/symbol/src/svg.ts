import { darkRectangles, type ModuleGrid, sizeOf } from './module-grid.ts';

/** One path of all dark runs, in modules; `crispEdges` keeps a browser from making grey edges. */
export function writeSvg(grid: ModuleGrid, modulePx: number): string {
  const { width, height } = sizeOf(grid);
  let path = '';
  for (const dark of darkRectangles(grid)) {
    path += `M${dark.x} ${dark.y}h${dark.width}v${dark.height}h-${dark.width}z`;
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width * modulePx}" height="${height * modulePx}" ` +
    `viewBox="0 0 ${width} ${height}" shape-rendering="crispEdges">` +
    `<path fill="#fff" d="M0 0h${width}v${height}H0z"/><path d="${path}"/></svg>`
  );
}
