import { DataError } from './data-error.ts';
import { centsOf } from './dollars.ts';

/** One row of a table; every reader throws a {@link DataError} that names file, line and column. */
export class Row {
  constructor(
    private readonly file: string,
    readonly line: number,
    private readonly fields: Record<string, string>,
  ) {}

  /** May be empty. */
  text(column: string): string {
    return this.fields[column] ?? '';
  }

  /** An identifier: 1 to 64 printable characters without spaces. */
  name(column: string): string {
    return this.matching(column, /^[\x21-\x7e]{1,64}$/, 'an identifier without spaces');
  }

  digits(column: string): string {
    return this.matching(column, /^\d{1,12}$/, 'a whole number');
  }

  /** As written, such as `2017-03-26`. */
  day(column: string): string {
    const day = this.matching(column, /^\d{4}-\d\d-\d\d$/, 'a day such as 2017-03-26');
    if (Number.isNaN(Date.parse(day))) this.refuse(column, 'a day such as 2017-03-26');
    return day;
  }

  instant(column: string): Date {
    const form = 'a UTC time such as 2017-03-26T17:22:21Z';
    const instant = new Date(this.matching(column, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/, form));
    if (Number.isNaN(instant.getTime())) this.refuse(column, form);
    return instant;
  }

  /** Dollars in the file, cents in code. */
  cents(column: string): bigint {
    return centsOf(this.text(column)) ?? this.refuse(column, 'dollars of zero or more, such as 2.49');
  }

  /** Decimal string without idle zeros: `2.0` is `2`. */
  quantity(column: string): string {
    const quantity = this.matching(
      column,
      /^\d{1,9}(\.\d{1,6})?$/,
      'a quantity of zero or more, such as 2.0',
    );
    return quantity.includes('.') ? quantity.replace(/\.?0+$/, '') : quantity;
  }

  refuse(column: string, expected: string): never {
    throw new DataError(
      `${this.file}, line ${this.line}: ${column} must be ${expected}, not "${this.text(column)}". Correct the line or remove it.`,
    );
  }

  private matching(column: string, form: RegExp, expected: string): string {
    const text = this.text(column);
    return form.test(text) ? text : this.refuse(column, expected);
  }
}
