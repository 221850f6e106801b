/** The data breaks the grammar; `code` is the name that the GS1 linter gives it. */
export class CouponSyntaxError extends Error {
  override readonly name = 'CouponSyntaxError';
  constructor(readonly code: string) {
    super(code);
  }
}

/** Reads digits from the front. */
export class DigitReader {
  private at = 0;
  constructor(private readonly data: string) {
    if (/\D/.test(data)) throw new CouponSyntaxError('NON_DIGIT_CHARACTER');
  }

  get ended(): boolean {
    return this.at >= this.data.length;
  }

  /** A field of fixed length. */
  take(length: number, truncated: string): string {
    if (this.data.length - this.at < length) throw new CouponSyntaxError(truncated);
    return this.data.slice(this.at, (this.at += length));
  }

  /** One digit of those allowed. */
  digit(allowed: string, missing: string, invalid: string): string {
    const digit = this.take(1, missing);
    if (!allowed.includes(digit)) throw new CouponSyntaxError(invalid);
    return digit;
  }

  /** A field after a digit that tells its length less `lengthBase`. */
  sized(lengthBase: number, allowed: string, name: string, lengthName = name): string {
    const length = this.digit(allowed, `COUPON_MISSING_${name}_VLI`, `COUPON_INVALID_${lengthName}_LENGTH`);
    return this.take(Number(length) + lengthBase, `COUPON_TRUNCATED_${name}`);
  }

  /** Takes the digit if it is next. */
  next(digit: string): boolean {
    if (this.data[this.at] !== digit) return false;
    this.at++;
    return true;
  }
}
