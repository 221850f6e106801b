import { roundSum, taxed, type BasketLine, type Evaluation, type Ratio } from '@couplet/promotion';

/** A basket after its discounts, with tax. */
export class Priced {
  private readonly discounts: ReadonlyMap<string, bigint>;

  constructor(
    readonly lines: readonly BasketLine[],
    readonly evaluation: Evaluation,
    private readonly pricesIncludeTax: boolean,
  ) {
    const discounts = new Map<string, bigint>();
    for (const { lineId, discount } of evaluation.applied.flatMap((coupon) => coupon.lines)) {
      discounts.set(lineId, (discounts.get(lineId) ?? 0n) + discount);
    }
    this.discounts = discounts;
  }

  discountOf({ lineId }: BasketLine): bigint {
    return this.discounts.get(lineId) ?? 0n;
  }

  /** As listed, after discounts. */
  total(kind: 'product' | 'delivery'): bigint {
    return this.lines
      .filter((line) => (line.kind ?? 'product') === kind)
      .reduce((total, line) => total + line.amount - this.discountOf(line), 0n);
  }

  /** Without or with tax; of several lines rounded once, not line by line. */
  taxedTotal(basis: 'net' | 'gross', when: 'before' | 'after', lines = this.lines): bigint {
    return roundSum(lines.map((line) => this.taxedLine(line, when)[basis]));
  }

  private taxedLine(line: BasketLine, when: 'before' | 'after'): { net: Ratio; gross: Ratio } {
    const amount = when === 'before' ? line.amount : line.amount - this.discountOf(line);
    return taxed(amount, line.taxRate, this.pricesIncludeTax);
  }
}
