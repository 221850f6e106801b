/**
 * Does a decoder that is not the encoder read what is sent to phones, also as a camera would see it? Prints a table of the
 * share that was read right. `node decode.mjs [--each N] [--markdown]`
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { drawSymbol } from '@couplet/symbol';
import sharp from 'sharp';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { contentFor, PHONES, SYMBOLOGIES } from './samples.mjs';

const { values } = parseArgs({ options: { each: { type: 'string', default: '34' } } });
const each = Number(values.each);

const wasm = createRequire(import.meta.url).resolve('zxing-wasm/reader/zxing_reader.wasm');
prepareZXingModule({ overrides: { wasmBinary: readFileSync(wasm).buffer } });

/** It also looks at the picture at half its size, which is nearer to what a camera sees. */
const LOOKING = { tryHarder: true, tryDownscale: true, downscaleThreshold: 100, downscaleFactor: 2 };
const WHITE = { background: '#fff' };
const scaled = (share) => async (image) => {
  const { width } = await image.metadata();
  return image.resize({ width: Math.round(width * share) });
};
const DISTORTIONS = {
  'as sent': async (image) => image,
  '75 %': scaled(0.75),
  '125 %': scaled(1.25),
  '200 %': scaled(2),
  '+10°': async (image) => image.rotate(10, WHITE),
  '-10°': async (image) => image.rotate(-10, WHITE),
  blurred: async (image) => image.blur(1),
  'JPEG 60': async (image) => sharp(await image.jpeg({ quality: 60 }).toBuffer()),
  'all four': async (image) =>
    sharp(
      await sharp(await (await scaled(0.75)(image)).png().toBuffer())
        .rotate(10, WHITE)
        .blur(1)
        .jpeg({ quality: 60 })
        .toBuffer(),
    ),
};

const rows = [];
for (const symbology of SYMBOLOGIES) {
  const right = Object.fromEntries(Object.keys(DISTORTIONS).map((name) => [name, 0]));
  for (let n = 0; n < each * PHONES.length; n++) {
    const content = contentFor(symbology);
    const screen = PHONES[n % PHONES.length];
    const png = Buffer.from(drawSymbol({ symbology, content, format: 'png', screen }).data, 'base64');
    for (const [name, distort] of Object.entries(DISTORTIONS)) {
      const image = sharp(png)
        .toColourspace('srgb')
        .extend({ top: 24, bottom: 24, left: 24, right: 24, ...WHITE });
      const seen = await (await distort(sharp(await image.png().toBuffer()))).png().toBuffer();
      if ((await read(seen)) === content) right[name] += 1;
    }
  }
  rows.push([symbology, ...Object.values(right).map((count) => percent(count / (each * PHONES.length)))]);
}
print(['Symbology', ...Object.keys(DISTORTIONS)], rows);
console.log(
  `\n${each * PHONES.length} symbols of each kind, for ${PHONES.map(({ name }) => name).join('; ')}. Blur: sigma 1 px. Read by zxing-wasm.`,
);
process.exitCode = rows.some((row) => row.slice(1).some((share) => Number.parseFloat(share) < 99)) ? 1 : 0;

async function read(png) {
  const [symbol] = await readBarcodes(new Uint8Array(png), LOOKING);
  return symbol?.text.replaceAll(/[()]/g, '');
}

function percent(share) {
  return `${(share * 100).toFixed(share === 1 ? 0 : 1)} %`;
}

function print(head, body) {
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((row) => row[column].length)));
  const line = (row) => `| ${row.map((cell, column) => cell.padEnd(widths[column])).join(' | ')} |`;
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n'));
}
