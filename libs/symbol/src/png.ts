import { crc32, deflateSync } from 'node:zlib';
import { type ModuleGrid, type Run, sizeOf } from './module-grid.ts';

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
  const { width, height } = sizeOf(grid);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header(width * modulePx, height * modulePx)),
    chunk('IDAT', deflateSync(pixels(grid, modulePx), { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** Each row of modules is drawn once, below its filter; as many rows of pixels as it is high repeat it. */
function pixels(grid: ModuleGrid, modulePx: number): Uint8Array {
  const { across, along } = grid.quiet;
  const { width, height } = sizeOf(grid);
  const stride = 1 + Math.ceil((width * modulePx) / 8);
  const data = zeros(stride * height * modulePx);
  const margin = { height: along, runs: [] };
  let at = 0;
  for (const row of [margin, ...grid.rows, margin]) {
    const end = at + row.height * modulePx * stride;
    if (at === end) continue;
    data[at] = FILTER_NONE;
    data.fill(0xff, at + 1, at + stride);
    for (const run of row.runs) darken(data, at + 1, run, across, modulePx);
    for (at += stride; at < end; at += stride) data[at] = FILTER_UP;
  }
  return data;
}

let scratch = new Uint8Array(0);

/** Good until it is asked for again: the memory of one picture after the other, which would cost more than what is drawn in it. */
function zeros(bytes: number): Uint8Array {
  if (scratch.length < bytes) scratch = new Uint8Array(bytes);
  else scratch.fill(0, 0, bytes);
  return scratch.subarray(0, bytes);
}

/** Most bytes of a run are dark as a whole. @param from first byte of the row */
function darken(
  data: Uint8Array,
  from: number,
  { start, length }: Run,
  across: number,
  modulePx: number,
): void {
  const first = (across + start) * modulePx;
  const end = first + length * modulePx;
  const [firstByte, lastByte] = [from + (first >> 3), from + (end >> 3)];
  const head = 0xff >> (first & 7);
  const tail = 0xff00 >> (end & 7);
  if (firstByte === lastByte) {
    data[firstByte]! &= ~(head & tail);
    return;
  }
  data[firstByte]! &= ~head;
  data.fill(0, firstByte + 1, lastByte);
  if ((end & 7) > 0) data[lastByte]! &= ~tail;
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
