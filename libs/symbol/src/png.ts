import { crc32, deflateSync } from 'node:zlib';
import { darkRuns, type ModuleGrid, rowsOfModules } from './module-grid.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const FILTER_NONE = 0;
const FILTER_UP = 2;

/**
 * A PNG of one bit a pixel. A picture of two colours needs no more, and deflate has 32 times less to do than with RGBA;
 * rows that repeat the one above are all zeros (filter "up").
 *
 * @see PNG, third edition, 11.2 and 9.2
 */
export function writePng(grid: ModuleGrid, modulePx: number): Buffer {
  const modules = rowsOfModules(grid);
  const widthPx = modules[0]!.length * modulePx;
  const stride = 1 + Math.ceil(widthPx / 8);
  const data = Buffer.alloc(stride * modules.length * modulePx);
  let previous: Uint8Array | undefined;
  modules.forEach((row, y) => {
    const first = y * modulePx * stride;
    if (row === previous) data[first] = FILTER_UP;
    else drawRow(row, modulePx, data.subarray(first, first + stride));
    for (let copy = 1; copy < modulePx; copy++) data[first + copy * stride] = FILTER_UP;
    previous = row;
  });
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(widthPx, modules.length * modulePx)),
    chunk('IDAT', deflateSync(data, { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function drawRow(row: Uint8Array, modulePx: number, into: Buffer): void {
  into[0] = FILTER_NONE;
  into.fill(0xff, 1);
  for (const { start, length } of darkRuns(row)) {
    darken(into.subarray(1), start * modulePx, (start + length) * modulePx);
  }
}

/** Bits from `start` on and before `end`; most bytes of a run are dark as a whole. */
function darken(bits: Buffer, start: number, end: number): void {
  const [first, last] = [start >> 3, end >> 3];
  const head = 0xff >> (start & 7);
  const tail = 0xff00 >> (end & 7);
  if (first === last) {
    bits[first]! &= ~(head & tail);
    return;
  }
  bits[first]! &= ~head;
  bits.fill(0, first + 1, last);
  if ((end & 7) > 0) bits[last]! &= ~tail;
}

/** One bit, greyscale, no interlace. */
function header(widthPx: number, heightPx: number): Buffer {
  const bytes = Buffer.alloc(13);
  bytes.writeUInt32BE(widthPx, 0);
  bytes.writeUInt32BE(heightPx, 4);
  bytes[8] = 1;
  return bytes;
}

function chunk(type: string, data: Buffer): Buffer {
  const bytes = Buffer.alloc(12 + data.length);
  bytes.writeUInt32BE(data.length, 0);
  bytes.write(type, 4, 'latin1');
  data.copy(bytes, 8);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, 8 + data.length)), 8 + data.length);
  return bytes;
}
