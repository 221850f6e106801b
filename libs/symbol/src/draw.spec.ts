import { inflateSync } from 'node:zlib';
import { readSymbol } from '../test/reader.ts';
import { drawSymbol, type DrawRequest } from './draw.ts';
import { encodeSymbol } from './encode.ts';
import { fit } from './fit.ts';
import { darkRectangles, sizeOf, type Symbology } from './module-grid.ts';

const PHONE = { widthPx: 1080, heightPx: 2400, pixelsPerInch: 420 };
const DIGITS = '2' + '123456789012345678901234567890123456789' + '1711000000' + '12345678';
const COUPON = '8110106141416543213150110120';
const contentOf = (symbology: Symbology) => (symbology === 'gs1-databar-coupon' ? COUPON : DIGITS);

function drawn(symbology: Symbology, options: Partial<DrawRequest> = {}) {
  const picture = drawSymbol({
    symbology,
    content: contentOf(symbology),
    format: 'png',
    screen: PHONE,
    ...options,
  });
  if ('tooSmall' in picture) throw new Error(picture.tooSmall);
  return picture;
}

describe.each<Symbology>(['qr', 'aztec', 'pdf417', 'data-matrix', 'code-128', 'gs1-databar-coupon'])(
  '%s',
  (symbology) => {
    it.each([
      { name: 'a phone', screen: PHONE },
      { name: 'an old phone', screen: { widthPx: 640, heightPx: 1136, pixelsPerInch: 326 } },
      { name: 'a tablet', screen: { widthPx: 1640, heightPx: 2360, pixelsPerInch: 264 } },
    ])('is read from $name by a decoder that is not the encoder', async ({ screen }) => {
      const picture = drawn(symbology, { screen });
      expect(await readSymbol(Buffer.from(picture.data, 'base64'))).toBe(contentOf(symbology));
      expect(picture.widthPx).toBeLessThanOrEqual(screen.widthPx);
      expect(picture.heightPx).toBeLessThanOrEqual(screen.heightPx);
    });

    it('has the light margin that its standard asks for', () => {
      const { quiet } = encodeSymbol(symbology, contentOf(symbology));
      const asked = { qr: 4, 'code-128': 10, 'data-matrix': 1, pdf417: 2, aztec: 0, 'gs1-databar-coupon': 0 };
      expect(quiet.across).toBeGreaterThanOrEqual(asked[symbology]);
    });
  },
);

it('makes bars as wide as the density asks, in whole pixels', () => {
  expect(drawn('qr', { screen: PHONE }).modulePx).toBe(17); // 1 mm of 420 pixels per inch is 16.5.
  expect(drawn('qr', { screen: { ...PHONE, pixelsPerInch: 210 } }).modulePx).toBe(8);
  expect(drawn('qr', { screen: { ...PHONE, widthPx: 400 } }).modulePx).toBe(12); // 33 modules of 12 px are 396 px.
});

it('lays a long symbol along the long side when it would be too fine across', () => {
  const { widthPx, heightPx } = drawn('code-128');
  expect(heightPx).toBeGreaterThan(widthPx);
});

it('says when a screen is too small, in place of a picture that nobody can read', () => {
  const screen = { widthPx: 64, heightPx: 64, pixelsPerInch: 420 };
  expect(drawSymbol({ symbology: 'qr', content: DIGITS, format: 'png', screen })).toEqual({
    tooSmall: expect.stringContaining('64 x 64'),
  });
});

it('writes one bit a pixel', () => {
  const picture = drawn('qr');
  const png = Buffer.from(picture.data, 'base64');
  expect([png.readUInt32BE(16), png.readUInt32BE(20), png[24], png[25]]).toEqual([
    picture.widthPx,
    picture.heightPx,
    1,
    0,
  ]);
});

it.each([
  { symbology: 'qr', screen: PHONE },
  { symbology: 'code-128', screen: PHONE },
  { symbology: 'gs1-databar-coupon', screen: { widthPx: 640, heightPx: 1136, pixelsPerInch: 326 } },
] as const)('is pixel by pixel the $symbology symbol that was encoded', ({ symbology, screen }) => {
  const fitted = fit(encodeSymbol(symbology, contentOf(symbology)), symbology, screen);
  if ('tooSmall' in fitted) throw new Error(fitted.tooSmall);
  const { grid, modulePx } = fitted;
  const width = sizeOf(grid).width * modulePx;
  const wanted = Array.from({ length: sizeOf(grid).height * modulePx }, () => '1'.repeat(width).split(''));
  for (const dark of darkRectangles(grid)) {
    for (const row of wanted.slice(dark.y * modulePx, (dark.y + dark.height) * modulePx)) {
      row.fill('0', dark.x * modulePx, (dark.x + dark.width) * modulePx);
    }
  }
  const png = Buffer.from(drawn(symbology, { screen }).data, 'base64');
  expect(pixelsOf(png, width)).toEqual(wanted.map((row) => row.join('')));
});

/** Rows of a PNG of one bit a pixel whose rows have no filter. */
function pixelsOf(png: Buffer, width: number): string[] {
  const bytes = inflateSync(png.subarray(41, 41 + png.readUInt32BE(33)));
  const stride = 1 + Math.ceil(width / 8);
  return Array.from({ length: bytes.length / stride }, (_, y) => {
    const [filter, ...row] = bytes.subarray(y * stride, (y + 1) * stride);
    expect(filter).toBe(0);
    return row
      .map((eight) => eight.toString(2).padStart(8, '0'))
      .join('')
      .slice(0, width);
  });
}

it('draws the same in SVG: as many modules, the same size', () => {
  const png = drawn('aztec');
  const svg = drawn('aztec', { format: 'svg' });
  expect(svg.mediaType).toBe('image/svg+xml');
  expect(svg.data).toContain(`width="${png.widthPx}" height="${png.heightPx}"`);
  const dark = encodeSymbol('aztec', DIGITS).rows.reduce(
    (sum, { runs }) => sum + runs.reduce((modules, { length }) => modules + length, 0),
    0,
  );
  const lengths = [...svg.data.matchAll(/h(\d+)v1h-/g)].map(([, length]) => Number(length));
  expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(dark);
});
