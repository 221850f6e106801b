import { encodeSymbol } from './encode.ts';
import { fit, type Screen, type TooSmall } from './fit.ts';
import { sizeOf, type Symbology } from './module-grid.ts';
import { writePng } from './png.ts';
import { writeSvg } from './svg.ts';

export interface DrawRequest {
  symbology: Symbology;
  content: string;
  format: 'png' | 'svg';
  screen: Screen;
}

export interface DrawnSymbol {
  mediaType: 'image/png' | 'image/svg+xml';
  /** PNG in base64; SVG as text. */
  data: string;
  widthPx: number;
  heightPx: number;
  modulePx: number;
}

/** A bar code as a picture that fits its screen. Milliseconds of work: where others wait, use `DrawingPool`. */
export function drawSymbol({ symbology, content, format, screen }: DrawRequest): DrawnSymbol | TooSmall {
  const fitted = fit(encodeSymbol(symbology, content), symbology, screen);
  if ('tooSmall' in fitted) return fitted;
  const { grid, modulePx } = fitted;
  const { width, height } = sizeOf(grid);
  return {
    ...(format === 'png'
      ? { mediaType: 'image/png', data: writePng(grid, modulePx).toString('base64') }
      : { mediaType: 'image/svg+xml', data: writeSvg(grid, modulePx) }),
    widthPx: width * modulePx,
    heightPx: height * modulePx,
    modulePx,
  };
}
