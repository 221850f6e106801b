import { crc32 } from 'node:zlib';
import { type ModuleGrid, type Run, sizeOf } from './module-grid.ts';
import { RowDeflate } from './row-deflate.ts';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Bytes of a row before its pixels: its filter, which is 0 for none. */
const FILTER_BYTES = 1;

/**
 * A PNG of one bit a pixel; a picture of two colours needs no more.
 *
 * @see PNG, third edition, 11.2 and 9.2
 */
export function writePng(grid: ModuleGrid, modulePx: number): Buffer {
  const { width, height } = sizeOf(grid);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(width * modulePx, height * modulePx)),
    chunk('IDAT', pixels(grid, modulePx)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row of modules is drawn once, with no filter: as many rows of pixels as it is high repeat it. */
function pixels(grid: ModuleGrid, modulePx: number): Buffer {
  const { across, along } = grid.quiet;
  const row = new Uint8Array(FILTER_BYTES + Math.ceil((sizeOf(grid).width * modulePx) / 8));
  const packed = new RowDeflate();
  const margin = { height: along, runs: [] };
  for (const { height, runs } of [margin, ...grid.rows, margin]) {
    if (height === 0) continue;
    row.fill(0xff, FILTER_BYTES);
    for (const run of runs) darken(row, run, across, modulePx);
    packed.add(row, height * modulePx);
  }
  return packed.end();
}

/** Most bytes of a run are dark as a whole. */
function darken(row: Uint8Array, { start, length }: Run, across: number, modulePx: number): void {
  const first = (across + start) * modulePx;
  const end = first + length * modulePx;
  const [firstByte, lastByte] = [FILTER_BYTES + (first >> 3), FILTER_BYTES + (end >> 3)];
  const head = 0xff >> (first & 7);
  const tail = 0xff00 >> (end & 7);
  if (firstByte === lastByte) {
    row[firstByte]! &= ~(head & tail);
    return;
  }
  row[firstByte]! &= ~head;
  row.fill(0, firstByte + 1, lastByte);
  if ((end & 7) > 0) row[lastByte]! &= ~tail;
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
