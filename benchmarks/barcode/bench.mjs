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
const TURNS = 10;
const WARM_UP_TURNS = 4;

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
  const { encoded, png, svg } = await rates({
    encoded: () => encodeSymbol(symbology, contentFor(symbology)),
    png: () => draw(symbology, 'png'),
    svg: () => draw(symbology, 'svg'),
  });
  // By themselves: the others would have to clear away what these leave.
  const { plain, qrcode } = await rates({
    plain: () => bwipPng(symbology, modulePx),
    ...(symbology === 'qr' && { qrcode: () => qrcodePng(modulePx) }),
  });
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

/**
 * Takes turns, so that whatever the machine and the compiler do meanwhile befalls all alike; the first turns warm up.
 *
 * @returns how often each can be done in a second of processor time, which other work on the machine does not change
 */
async function rates(works) {
  const turns = Object.entries(works).map(([name, work]) => ({ name, work, count: 0, spentMs: 0 }));
  for (let turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
    for (const one of turns) {
      const { count, spentMs } = await during(budgetMs / TURNS, one.work);
      if (turn < 0) continue;
      one.count += count;
      one.spentMs += spentMs;
    }
  }
  return Object.fromEntries(turns.map(({ name, count, spentMs }) => [name, (count / spentMs) * 1000]));
}

async function during(ms, work) {
  const start = process.cpuUsage();
  const spentMs = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };
  let count = 0;
  for (; spentMs() < ms; count++) await work();
  return { count, spentMs: spentMs() };
}
