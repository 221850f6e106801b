import type { PrintCouponV1 } from '@couplet/contracts';
import { darkRectangles, encodeSymbol, fit, type ModuleGrid, sizeOf, type Symbology } from '@couplet/symbol';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import PDFDocument from 'pdfkit';
import type { z } from 'zod';
import type { IssuedCode } from '../domain/issued-code.ts';
import { invalid } from './issuing.ts';

type Paper = z.output<typeof PrintCouponV1.request>['paper'];
type Printed = Pick<z.output<typeof PrintCouponV1.reply>, 'mediaType' | 'data'>;

export interface PrintJob {
  code: IssuedCode;
  content: string;
  symbology: Symbology;
  paper: Paper;
}

/** Thermal printers have 8 dots a millimetre; the bar code may be as long as the paper is wide twice over. */
const DOTS_PER_INCH = 203;
const DOTS_ACROSS = { '32': 384, '42': 512, '48': 576 };

/** The card of a PDF, in points, and how finely a module is placed on it. */
const PDF = { width: 298, height: 420, margin: 24, unitsPerInch: 600 };
const POINTS_PER_INCH = 72;

/** Of a picture in RGBA. */
const BLACK = Buffer.from([0, 0, 0, 255]);

/** A coupon with its bar code on paper (seed 000, claims 5, 6, 15, 16). */
export async function print(job: PrintJob): Promise<Printed> {
  const { paper } = job;
  if (paper.format === 'esc-pos') {
    const data = escPos(job, paper.columns).toString('base64');
    return { mediaType: 'application/vnd.escpos', data };
  }
  return { mediaType: 'application/pdf', data: (await pdf(job)).toString('base64') };
}

function escPos(job: PrintJob, columns: keyof typeof DOTS_ACROSS): Buffer {
  const dots = DOTS_ACROSS[columns];
  const { grid, modulePx } = symbolFor(job, {
    widthPx: dots,
    heightPx: dots * 2,
    pixelsPerInch: DOTS_PER_INCH,
  });
  const image = raster(grid, modulePx);
  const encoder = new ReceiptPrinterEncoder({
    columns: Number(columns),
    language: 'esc-pos',
    errors: 'strict',
  });
  encoder.initialize().align('center');
  for (const line of wording(job.code)) encoder.line(printable(line));
  encoder.image(image, image.width, image.height, 'threshold').newline().cut();
  return Buffer.from(encoder.encode());
}

async function pdf(job: PrintJob): Promise<Buffer> {
  const { width, height, margin, unitsPerInch } = PDF;
  const points = unitsPerInch / POINTS_PER_INCH;
  const room = { widthPx: (width - 2 * margin) * points, heightPx: (height / 2) * points };
  const { grid, modulePx } = symbolFor(job, { ...room, pixelsPerInch: unitsPerInch });
  const document = new PDFDocument({
    size: [width, height],
    margin,
    info: { Title: job.code.coupons[0]!.title },
  });
  for (const line of wording(job.code)) document.text(line, { align: 'center' }).moveDown(0.5);
  drawSymbol(document, grid, modulePx / points);
  document.end();
  const chunks: Buffer[] = [];
  for await (const chunk of document) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function symbolFor(
  { content, symbology }: PrintJob,
  room: Parameters<typeof fit>[2],
): { grid: ModuleGrid; modulePx: number } {
  const fitted = fit(encodeSymbol(symbology, content), symbology, room);
  if ('tooSmall' in fitted) throw invalid('symbology', 'does not fit this paper');
  return fitted;
}

function wording({ coupons, expiresAt, storeIds }: IssuedCode): string[] {
  return [
    ...coupons.map(({ title }) => title),
    `Valid until ${expiresAt.toISOString().slice(0, 10)}`,
    ...(storeIds ? [`Only at ${storeIds.join(', ')}`] : []),
  ];
}

/** Printers know a code page each; what is not plain text would come out as anything. */
function printable(line: string): string {
  return line.normalize('NFKD').replaceAll(/[^\x20-\x7e]/g, '?');
}

/** RGBA, padded to whole bytes of eight dots in both directions. */
function raster(
  grid: ModuleGrid,
  modulePx: number,
): { data: Uint8ClampedArray; width: number; height: number } {
  const size = sizeOf(grid);
  const [width, height] = [toEight(size.width * modulePx), toEight(size.height * modulePx)];
  const pixels = Buffer.alloc(width * height * 4, 255);
  for (const dark of darkRectangles(grid)) {
    for (let y = dark.y * modulePx; y < (dark.y + dark.height) * modulePx; y++) {
      const left = (y * width + dark.x * modulePx) * 4;
      pixels.fill(BLACK, left, left + dark.width * modulePx * 4);
    }
  }
  return { data: new Uint8ClampedArray(pixels), width, height };
}

function drawSymbol(document: PDFKit.PDFDocument, grid: ModuleGrid, moduleSize: number): void {
  const left = (PDF.width - sizeOf(grid).width * moduleSize) / 2;
  const top = document.y;
  for (const { x, y, width, height } of darkRectangles(grid)) {
    document.rect(left + x * moduleSize, top + y * moduleSize, width * moduleSize, height * moduleSize);
  }
  document.fill('black');
}

function toEight(dots: number): number {
  return Math.ceil(dots / 8) * 8;
}
