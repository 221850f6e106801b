import { inflateSync } from 'node:zlib';
import { runsOf } from '../../../libs/symbol/src/module-grid.ts';
import { writePng } from '../../../libs/symbol/src/png.ts';
import { readSymbol } from '../../../libs/symbol/test/reader.ts';

/** Column mode with 24 dots a column; three bytes each, the highest bit on top. */
const COLUMN_IMAGE = Buffer.from([0x1b, 0x2a, 0x21]);
const RASTER_IMAGE = Buffer.from([0x1d, 0x76, 0x30]);

/** What a receipt printer would leave on paper: its text, and what a scanner reads of its picture. */
export async function paperOf(escPos: Buffer): Promise<{ text: string; scanned: string }> {
  const rows = escPos.includes(RASTER_IMAGE) ? rasterRows(escPos) : columnRows(escPos);
  return { text: escPos.toString('latin1'), scanned: await scan(rows) };
}

/** What a scanner reads of the rectangles on a page. */
export async function scannedInPdf(pdf: Buffer): Promise<string> {
  const page = /\/FlateDecode[^]*?stream\r?\n/.exec(pdf.toString('latin1'))!;
  const drawing = inflateSync(pdf.subarray(page.index + page[0].length)).toString('latin1');
  const numbers = [...drawing.matchAll(/([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re/g)].map((match) =>
    match.slice(1).map(Number),
  );
  const module = Math.min(...numbers.flatMap(([, , width, height]) => [width!, height!]));
  const [left, top] = [0, 1].map((axis) => Math.min(...numbers.map((rectangle) => rectangle[axis]!)));
  const dark = numbers.map(([x, y, width, height]) =>
    [x! - left!, y! - top!, width!, height!].map((points) => Math.round(points / module)),
  );
  const right = Math.max(...dark.map(([x, , width]) => x! + width!));
  const rows = Array.from(
    { length: Math.max(...dark.map(([, y, , height]) => y! + height!)) },
    () => new Uint8Array(right),
  );
  for (const [x, y, width, height] of dark) {
    for (const row of rows.slice(y, y! + height!)) row.fill(1, x, x! + width!);
  }
  return scan(rows);
}

async function scan(rows: readonly Uint8Array[]): Promise<string> {
  const grid = {
    width: rows[0]!.length,
    rows: rows.map((modules) => ({ height: 1, runs: runsOf(modules) })),
    quiet: { across: 20, along: 20 },
  };
  const scanned = await readSymbol(writePng(grid, 2));
  if (scanned === undefined) throw new Error('what was printed cannot be read');
  return scanned;
}

function rasterRows(escPos: Buffer): Uint8Array[] {
  const start = escPos.indexOf(RASTER_IMAGE) + RASTER_IMAGE.length + 1;
  const [bytesAcross, height] = [escPos.readUInt16LE(start), escPos.readUInt16LE(start + 2)];
  return Array.from({ length: height }, (_, y) => {
    const first = start + 4 + y * bytesAcross;
    return Uint8Array.from(
      { length: bytesAcross * 8 },
      (_, x) => (escPos[first + (x >> 3)]! >> (7 - (x & 7))) & 1,
    );
  });
}

function columnRows(escPos: Buffer): Uint8Array[] {
  const rows: Uint8Array[] = [];
  for (let at = escPos.indexOf(COLUMN_IMAGE); at !== -1; at = escPos.indexOf(COLUMN_IMAGE, at + 5)) {
    const width = escPos.readUInt16LE(at + 3);
    for (let y = 0; y < 24; y++) {
      rows.push(
        Uint8Array.from(
          { length: width },
          (_, x) => (escPos[at + 5 + x * 3 + (y >> 3)]! >> (7 - (y & 7))) & 1,
        ),
      );
    }
    at += width * 3;
  }
  return rows;
}
