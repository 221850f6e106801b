import { type ModuleGrid, sizeOf, type Symbology, turned } from './module-grid.ts';

/** Where a symbol is shown, in device pixels. */
export interface Screen {
  widthPx: number;
  heightPx: number;
  pixelsPerInch: number;
}

/** No whole number of pixels a module is both large enough to be read and small enough to fit; says why. */
export interface TooSmall {
  tooSmall: string;
}

/** Width of a module that scanners read from a hand's breadth, where the screen has room for it. */
const MODULE_MM: Record<Symbology, number> = {
  qr: 1,
  aztec: 1,
  pdf417: 0.5,
  'data-matrix': 1,
  'code-128': 0.4,
  'gs1-databar-coupon': 0.5,
};
/** Below it neither a phone's camera nor a counter's scanner can be relied on. */
const MODULE_MM_MIN = 0.17;
const MM_PER_INCH = 25.4;

/**
 * Chooses how many pixels a module is wide: whole pixels, else bars would differ in width. A symbol that its screen would
 * make too fine lies along the longer side.
 */
export function fit(
  grid: ModuleGrid,
  symbology: Symbology,
  screen: Screen,
): { grid: ModuleGrid; modulePx: number } | TooSmall {
  const wanted = Math.max(2, Math.round((MODULE_MM[symbology] / MM_PER_INCH) * screen.pixelsPerInch));
  const upright = { grid, modulePx: Math.min(wanted, roomFor(grid, screen)) };
  if (upright.modulePx === wanted) return upright;
  const aside = turned(grid);
  const lying = { grid: aside, modulePx: Math.min(wanted, roomFor(aside, screen)) };
  const chosen = lying.modulePx > upright.modulePx ? lying : upright;
  const moduleMm = (chosen.modulePx / screen.pixelsPerInch) * MM_PER_INCH;
  if (chosen.modulePx < 1 || moduleMm < MODULE_MM_MIN) {
    const { widthPx, heightPx, pixelsPerInch } = screen;
    return {
      tooSmall: `a ${symbology} symbol of ${sizeOf(grid).width} modules needs more than ${widthPx} x ${heightPx} pixels at ${pixelsPerInch} per inch`,
    };
  }
  return chosen;
}

function roomFor(grid: ModuleGrid, { widthPx, heightPx }: Screen): number {
  const { width, height } = sizeOf(grid);
  return Math.floor(Math.min(widthPx / width, heightPx / height));
}
