import { CODE_ALPHABETS, type CodeAlphabet } from '@couplet/contracts';

/** How the codes of a batch look: a prefix, then so many characters of an alphabet. */
export interface CodeShape {
  readonly prefix: string;
  /** Characters after the prefix. */
  readonly length: number;
  readonly alphabet: CodeAlphabet;
}

/** The form in which a code is stored and looked up, however it was typed; undefined if it can be no code. */
export function canonicalCode(typed: string): string | undefined {
  const code = typed.toUpperCase().replaceAll(/[ -]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  return /^[0-9A-Z]{4,36}$/.test(code) ? code : undefined;
}

/** How many codes there are of that shape. */
export function codeSpace({ alphabet, length }: Pick<CodeShape, 'alphabet' | 'length'>): bigint {
  return BigInt(CODE_ALPHABETS[alphabet].length) ** BigInt(length);
}

/** A space that is more than half full makes guessing easy, and drawing a free code slow. */
export function fits(inUse: bigint, space: bigint): boolean {
  return inUse * 2n <= space;
}

/** log2 of the codes that one code could have been. */
export function entropyBits(shape: Pick<CodeShape, 'alphabet' | 'length'>): number {
  return Math.round(Math.log2(CODE_ALPHABETS[shape.alphabet].length) * shape.length * 10) / 10;
}

/**
 * Codes drawn by chance, in ascending order; some may be there twice.
 *
 * @param randomBytes so many bytes that nobody can foresee
 */
export function drawCodes(
  count: number,
  { prefix, length, alphabet }: CodeShape,
  randomBytes: (count: number) => Uint8Array,
): string[] {
  const letters = CODE_ALPHABETS[alphabet];
  // Bytes from there on would make the first letters of the alphabet likelier than the last.
  const fair = 256 - (256 % letters.length);
  let bytes = randomBytes(count * length);
  let next = 0;
  const letter = (): string => {
    for (;;) {
      if (next === bytes.length) [bytes, next] = [randomBytes(count), 0];
      const byte = bytes[next++]!;
      if (byte < fair) return letters[byte % letters.length]!;
    }
  };
  const codes = Array.from({ length: count }, () => {
    let code = prefix;
    for (let drawn = 0; drawn < length; drawn++) code += letter();
    return code;
  });
  return codes.sort();
}
