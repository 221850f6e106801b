import bwipjs from 'bwip-js/node';
import { type ModuleGrid, type Run, runsOf, type Symbology } from './module-grid.ts';

/** What bwip-js says of a symbol: a matrix of rows, or the widths of bars and spaces in turn. */
interface RawMatrix {
  pixs: number[];
  pixx: number;
}
interface RawBars {
  sbs: number[];
}

interface Encoding {
  options: { bcid: string; eclevel?: string; columns?: number };
  quiet: ModuleGrid['quiet'];
}

/** Quiet zones: ISO/IEC 18004, 24778, 15438, 16022, 15417, 24724; where none is asked for, one that keeps other print away. */
const ENCODINGS: Record<Symbology, Encoding> = {
  qr: { options: { bcid: 'qrcode', eclevel: 'M' }, quiet: { across: 4, along: 4 } },
  aztec: { options: { bcid: 'azteccode' }, quiet: { across: 2, along: 2 } },
  pdf417: { options: { bcid: 'pdf417', columns: 2 }, quiet: { across: 2, along: 2 } },
  'data-matrix': { options: { bcid: 'datamatrix' }, quiet: { across: 2, along: 2 } },
  'code-128': { options: { bcid: 'code128' }, quiet: { across: 10, along: 2 } },
  'gs1-databar-coupon': { options: { bcid: 'databarexpandedstacked' }, quiet: { across: 2, along: 2 } },
};

/** Of a linear symbol: a scanner crosses all of it even when held at an angle of 10 degrees. */
const BAR_HEIGHT_OF_WIDTH = 0.2;
const DATABAR_ROW_HEIGHT = 34;
/**
 * Two columns and high rows: a flat symbol is lost as soon as it is held at an angle. The least is 3; at 6 a seventh was not
 * read that was also small, blurred and compressed, at 8 everything, at 10 less again.
 */
const PDF417_ROW_HEIGHT = 8;

/**
 * Encodes a content; drawing it is another step, and the cheaper one.
 *
 * @param content for `gs1-databar-coupon` the data string with its application identifier: `8110…`
 * @throws Error of bwip-js if the symbology cannot hold the content
 */
export function encodeSymbol(symbology: Symbology, content: string): ModuleGrid {
  const { options, quiet } = ENCODINGS[symbology];
  const text = symbology === 'gs1-databar-coupon' ? content.replace(/^8110/, '(8110)') : content;
  const [raw] = bwipjs.raw({ ...options, text }) as unknown as (RawMatrix | RawBars)[];
  return 'sbs' in raw! ? bars(raw, quiet) : matrix(raw!, quiet, symbology);
}

function bars({ sbs }: RawBars, quiet: ModuleGrid['quiet']): ModuleGrid {
  const runs: Run[] = [];
  let width = 0;
  sbs.forEach((length, index) => {
    if (index % 2 === 0) runs.push({ start: width, length });
    width += length;
  });
  return { width, rows: [{ height: Math.ceil(width * BAR_HEIGHT_OF_WIDTH), runs }], quiet };
}

function matrix({ pixs, pixx }: RawMatrix, quiet: ModuleGrid['quiet'], symbology: Symbology): ModuleGrid {
  const count = pixs.length / pixx;
  const rows = Array.from({ length: count }, (_, y) => ({
    height: rowHeight(symbology, y),
    runs: runsOf(pixs.slice(y * pixx, (y + 1) * pixx)),
  }));
  return { width: pixx, rows, quiet };
}

function rowHeight(symbology: Symbology, row: number): number {
  if (symbology === 'pdf417') return PDF417_ROW_HEIGHT;
  // Between two rows of a stacked symbol stand three separators of one module each.
  return symbology === 'gs1-databar-coupon' && row % 4 === 0 ? DATABAR_ROW_HEIGHT : 1;
}
