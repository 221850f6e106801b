import { z } from 'zod';

export const SYMBOLOGIES = [
  'qr',
  'aztec',
  'pdf417',
  'data-matrix',
  'code-128',
  'gs1-databar-coupon',
] as const;
export const Symbology = z
  .enum(SYMBOLOGIES)
  .describe(
    '`gs1-databar-coupon` is GS1 DataBar Expanded Stacked with AI (8110), for one manufacturer coupon whose offer has such data.',
  );
export type Symbology = z.output<typeof Symbology>;

/** How to draw a bar code: the module is a whole number of pixels, as large as the screen's density asks and its size allows. */
export const SymbolRequest = z.object({
  symbology: Symbology.default('qr'),
  format: z.enum(['png', 'svg']).default('png'),
  screen: z
    .object({
      widthPx: z.int().min(64).max(8_192),
      heightPx: z.int().min(64).max(8_192),
      pixelsPerInch: z.int().min(72).max(1_200),
    })
    .describe('Of the place where it is shown, in device pixels.'),
});
export type SymbolRequest = z.output<typeof SymbolRequest>;

export const SymbolImage = z.object({
  symbology: Symbology,
  mediaType: z.enum(['image/png', 'image/svg+xml']),
  data: z.string().describe('PNG in base64; SVG as text. Quiet zones are part of it.'),
  widthPx: z.int(),
  heightPx: z.int(),
  modulePx: z.int().describe('Pixels of the narrowest bar.'),
});
export type SymbolImage = z.output<typeof SymbolImage>;
