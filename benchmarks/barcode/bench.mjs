/**
 * Symbols per second of one core: what is sent to phones, beside plain bwip-js PNG output of the same module size and, for QR,
 * the `qrcode` package. `node bench.mjs [--seconds N]`
 */
import { parseArgs } from 'node:util';
import { drawSymbol, encodeSymbol } from '@couplet/symbol';
import bwipjs from 'bwip-js/node';
import QRCode from 'qrcode';
import { contentFor, PHONES, SYMBOLOGIES } from './samples.mjs';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '2' } } });
const budgetMs = Number(values.seconds) * 1000;

const BCID = {
  qr: 'qrcode',
  aztec: 'azteccode',
  pdf417: 'pdf417',
  'data-matrix': 'datamatrix',
  'code-128': 'code128',
  'gs1-databar-coupon': 'databarexpandedstacked',
};
const screen = PHONES[0];
const draw = (symbology, format) => drawSymbol({ symbology, content: contentFor(symbology), format, screen });

console.log('Symbols per second of one core. drawn = encoded, drawn and compressed, as it is sent.\n');
const rows = [];
for (const symbology of SYMBOLOGIES) {
  const { modulePx } = draw(symbology, 'png');
  const encoded = await rate(() => encodeSymbol(symbology, contentFor(symbology)));
  const png = await rate(() => draw(symbology, 'png'));
  const svg = await rate(() => draw(symbology, 'svg'));
  const plain = await rate(() => bwipPng(symbology, modulePx));
  const qrcode = symbology === 'qr' ? await rate(() => qrcodePng(modulePx)) : undefined;
  rows.push({
    Symbology: symbology,
    'encoded only': Math.round(encoded),
    'drawn PNG': Math.round(png),
    'drawn SVG': Math.round(svg),
    'drawing / encoding time': ((1 / png - 1 / encoded) * encoded).toFixed(2),
    'bwip-js PNG': Math.round(plain),
    'times bwip-js': (png / plain).toFixed(1),
    'qrcode PNG': qrcode === undefined ? '' : Math.round(qrcode),
  });
}
console.table(Object.fromEntries(rows.map(({ Symbology, ...row }) => [Symbology, row])));

/** The same picture, by the encoder's own means. */
function bwipPng(symbology, modulePx) {
  const content = contentFor(symbology);
  const text = content.replace(/^8110/, '(8110)');
  const eclevel = symbology === 'qr' ? { eclevel: 'M' } : {};
  return bwipjs.toBuffer({ bcid: BCID[symbology], text, ...eclevel, scale: modulePx, paddingwidth: 2 });
}

function qrcodePng(modulePx) {
  return QRCode.toBuffer(contentFor('qr'), { errorCorrectionLevel: 'M', scale: modulePx });
}

/** @returns how often in a second of processor time, which other work on the machine does not change; the first fifth warms up */
async function rate(work) {
  await during(budgetMs / 5, work);
  return during(budgetMs, work);
}

async function during(ms, work) {
  const start = process.cpuUsage();
  const spentMs = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  let count = 0;
  for (; spentMs() < ms; count++) await work();
  return (count / spentMs()) * 1000;
}
