/**
 * What a bar code of ours holds, digits only: they take the least room in every symbology, and no scanner that plays
 * keyboard can get them wrong.
 *
 * - single-use: `1`, secret (39 digits hold 128 bits), time stamp (10 digits, seconds)
 * - rotating: `2`, secret, time stamp of the 30-second step, one-time password (8 digits, RFC 6238)
 * - typed: 16 digits, in whatever groups
 * - gs1: data of AI (8110) with its AI; its serial number (15 digits) is the secret
 */
export type ScannedContent =
  | { kind: 'single-use'; secret: string; stampS: number }
  | { kind: 'rotating'; secret: string; stampS: number; oneTime: string }
  | { kind: 'typed'; secret: string }
  | { kind: 'gs1'; secret: string };

export type DrawnContent = Exclude<ScannedContent, { kind: 'typed' }>;

export const SECRET_DIGITS = 39;
export const ONE_TIME_DIGITS = 8;
export const TYPED_DIGITS = 16;

const SINGLE_USE = /^1(\d{39})(\d{10})$/;
const ROTATING = /^2(\d{39})(\d{10})(\d{8})$/;
const TYPED = /^\d{16}$/;
const GS1 = /^8110\d{19,66}$/;

/** @returns undefined if no code of ours looks like this */
export function readContent(scanned: string): ScannedContent | undefined {
  // Scanners may put the symbology before it (`]Q1`), and FNC1 around data of GS1; people type gaps.
  const text = scanned.replace(/^\][A-Za-z]./, '').replaceAll(/[\s\x1d()-]/g, '');
  const single = SINGLE_USE.exec(text);
  if (single) return { kind: 'single-use', secret: single[1]!, stampS: Number(single[2]) };
  const rotating = ROTATING.exec(text);
  if (rotating) {
    return { kind: 'rotating', secret: rotating[1]!, stampS: Number(rotating[2]), oneTime: rotating[3]! };
  }
  if (TYPED.test(text)) return { kind: 'typed', secret: text };
  return GS1.test(text) ? { kind: 'gs1', secret: text } : undefined;
}

export function writeContent(content: DrawnContent): string {
  const stamp = 'stampS' in content ? String(content.stampS).padStart(10, '0') : '';
  switch (content.kind) {
    case 'single-use':
      return `1${content.secret}${stamp}`;
    case 'rotating':
      return `2${content.secret}${stamp}${content.oneTime}`;
    case 'gs1':
      return content.secret;
  }
}
