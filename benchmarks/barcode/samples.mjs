/** What is really sent: the content that each symbology carries, and the phones it is drawn for. */
import { randomBytes, randomInt } from 'node:crypto';

export const SYMBOLOGIES = ['qr', 'aztec', 'pdf417', 'data-matrix', 'code-128', 'gs1-databar-coupon'];

export const PHONES = [
  { name: '1080 x 2400, 420 ppi', widthPx: 1080, heightPx: 2400, pixelsPerInch: 420 },
  { name: '750 x 1334, 326 ppi', widthPx: 750, heightPx: 1334, pixelsPerInch: 326 },
  { name: '1440 x 3120, 515 ppi', widthPx: 1440, heightPx: 3120, pixelsPerInch: 515 },
];

/** Another one each time; a rotating code is the longest. */
export function contentFor(symbology) {
  if (symbology === 'gs1-databar-coupon') {
    return `8110106141416543213150110120${'41'}${digits(7)}`.slice(0, 28);
  }
  const secret = BigInt(`0x${randomBytes(16).toString('hex')}`)
    .toString()
    .padStart(39, '0');
  return `2${secret}${Math.floor(Date.now() / 1000)}${digits(8)}`;
}

function digits(count) {
  return Array.from({ length: count }, () => randomInt(10)).join('');
}
