/**
 * Packs rows of bytes of which most repeat the one above, for whatever unpacks zlib streams (RFC 1950, RFC 1951). zlib itself
 * would have to be given every one of them, and takes longer over the 2,000 of a long bar code than its encoding does. Here
 * a row costs what is in it, however often it is repeated.
 *
 * One block of fixed Huffman codes; matches are runs of one byte within a row, and the row above.
 */
export class RowDeflate {
  private packed = Buffer.allocUnsafe(4_096);
  private size = 0;
  private held = 0;
  private heldBits = 0;
  private readonly sums: Sums = { sum: 1, sumOfSums: 0 };

  constructor() {
    this.put(0x0178, 16); // Deflate with a window of 32 KiB, made fast.
    this.put(0b011, 3); // The last block, with fixed codes.
  }

  /** @param times how often it comes in succession. @param row 3 to 32,768 bytes */
  add(row: Uint8Array, times: number): void {
    const repeated = (times - 1) * row.length;
    this.makeRoom(row.length * LITERAL_BYTES_MAX + (repeated / MATCH_MAX + 1) * MATCH_BYTES_MAX);
    const sums = this.once(row);
    this.match(repeated, row.length);
    this.check(sums, row.length, times);
  }

  /** Everything that was added. Nothing can be added any more. */
  end(): Buffer {
    this.makeRoom(8);
    this.symbol(END_OF_BLOCK);
    this.put(0, 7); // What is held of the last byte goes out.
    const checksum = this.size;
    this.packed.writeUInt32BE(this.sums.sumOfSums * 0x1_0000 + this.sums.sum, checksum);
    return this.packed.subarray(0, checksum + 4);
  }

  /** @returns what the checksum of the row is made of */
  private once(row: Uint8Array): Sums {
    let sum = 0;
    let sumOfSums = 0;
    for (let at = 0; at < row.length;) {
      const byte = row[at]!;
      let end = at + 1;
      while (end < row.length && row[end] === byte) end++;
      const run = end - at;
      this.symbol(byte);
      if (run > MATCH_MIN) this.match(run - 1, 1);
      else for (let literal = 1; literal < run; literal++) this.symbol(byte);
      sumOfSums += run * sum + (byte * run * (run + 1)) / 2;
      sum += run * byte;
      at = end;
    }
    return { sum, sumOfSums };
  }

  /** @param length 0, or at least 3 bytes, which are the same as those `distance` before */
  private match(length: number, distance: number): void {
    const distanceExtra = Math.max(0, 30 - Math.clz32(distance - 1));
    const distanceCode = 2 * distanceExtra + ((distance - 1) >> distanceExtra);
    for (let left = length; left > 0;) {
      // What is left must be nothing, or long enough for a match.
      const tooLittleLeft = left > MATCH_MAX && left < MATCH_MAX + MATCH_MIN;
      const part = tooLittleLeft ? left - MATCH_MIN : Math.min(left, MATCH_MAX);
      this.length(part);
      this.put(REVERSED_5[distanceCode]!, 5);
      this.put((distance - 1) & ((1 << distanceExtra) - 1), distanceExtra);
      left -= part;
    }
  }

  private length(length: number): void {
    if (length === MATCH_MAX) return this.symbol(285);
    const beyond = length - MATCH_MIN;
    const extra = Math.max(0, 29 - Math.clz32(beyond));
    this.symbol(257 + 4 * extra + (beyond >> extra));
    this.put(beyond & ((1 << extra) - 1), extra);
  }

  private symbol(value: number): void {
    this.put(CODES[value]!, CODE_BITS[value]!);
  }

  private put(value: number, bits: number): void {
    this.held |= value << this.heldBits;
    for (this.heldBits += bits; this.heldBits >= 8; this.heldBits -= 8) {
      this.packed[this.size++] = this.held & 0xff;
      this.held >>>= 8;
    }
  }

  /** Adler-32 of `length` bytes that come `times` over follows from that of one time. */
  private check({ sum, sumOfSums }: Sums, length: number, times: number): void {
    const once = (length * this.sums.sum + sumOfSums) % ADLER;
    const more = ((length * sum) % ADLER) * (((times * (times - 1)) / 2) % ADLER);
    this.sums.sumOfSums = (this.sums.sumOfSums + times * once + more) % ADLER;
    this.sums.sum = (this.sums.sum + times * sum) % ADLER;
  }

  private makeRoom(bytes: number): void {
    if (this.size + bytes <= this.packed.length) return;
    const larger = Buffer.allocUnsafe(2 * this.packed.length + Math.ceil(bytes));
    this.packed.copy(larger, 0, 0, this.size);
    this.packed = larger;
  }
}

/** The two halves of Adler-32: of all bytes, and of the first half after each byte. */
interface Sums {
  sum: number;
  sumOfSums: number;
}

const ADLER = 65_521;
const END_OF_BLOCK = 256;
const MATCH_MIN = 3;
const MATCH_MAX = 258;
/** 8 + 5 bits of a length, 5 + 13 of a distance. */
const MATCH_BYTES_MAX = 4;
const LITERAL_BYTES_MAX = 9 / 8;

/** Fixed codes of literals and lengths (RFC 1951, 3.2.6), with the first bit lowest. */
const CODE_BITS = Uint8Array.from({ length: 288 }, (_, value) => {
  if (value < 144) return 8;
  if (value < 256) return 9;
  return value < 280 ? 7 : 8;
});
const CODES = Uint16Array.from(CODE_BITS, (bits, value) => {
  if (value < 144) return reversed(0x30 + value, bits);
  if (value < 256) return reversed(0x190 + value - 144, bits);
  return reversed(value < 280 ? value - 256 : 0xc0 + value - 280, bits);
});
const REVERSED_5 = Uint8Array.from({ length: 30 }, (_, code) => reversed(code, 5));

function reversed(code: number, bits: number): number {
  let result = 0;
  for (let bit = 0; bit < bits; bit++) result |= ((code >> bit) & 1) << (bits - 1 - bit);
  return result;
}
