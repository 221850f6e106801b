import { roundSum, type Ratio } from '@couplet/promotion';
import { NotExpressible } from './outcome.ts';

/** Reads '10.5' or '10/3' exactly. */
function readRatio(value: unknown): Ratio {
  const match = /^(-?\d+)(?:\.(\d+))?(?:\/(\d+))?$/.exec(String(value));
  if (!match) throw new NotExpressible(`${JSON.stringify(value)} is not a number`);
  const [, whole = '', fraction = '', divisor = '1'] = match;
  return {
    numerator: BigInt(whole + fraction),
    denominator: 10n ** BigInt(fraction.length) * BigInt(divisor),
  };
}

export function percentRatio(value: unknown): Ratio {
  const { numerator, denominator } = readRatio(value);
  return { numerator, denominator: denominator * 100n };
}

/** Basis points of a percentage; of more than all, all: a price never goes below zero. */
export function percentBps(value: unknown): number {
  const { numerator, denominator } = readRatio(value);
  const tenThousandths = numerator * 1_000_000n;
  if (tenThousandths % denominator !== 0n) {
    throw new NotExpressible(`${String(value)} % is finer than a millionth of a percent`);
  }
  return Math.min(10_000, Number(tenThousandths / denominator) / 10_000);
}

/** Between the notation of a case and minor units. */
export class Units {
  constructor(private readonly unit: 'major' | 'minor') {}

  /** So many at a unit price, to the nearest minor unit. */
  times(value: unknown, quantity: number): bigint {
    return roundSum(
      [this.ratio(value)].map(({ numerator, denominator }) => ({
        numerator: numerator * BigInt(quantity),
        denominator,
      })),
    );
  }

  private ratio(value: unknown): Ratio {
    const { numerator, denominator } = readRatio(value);
    return { numerator: numerator * this.scale, denominator };
  }

  amount(value: unknown): bigint {
    const { numerator, denominator } = this.ratio(value);
    if (numerator % denominator !== 0n) throw new NotExpressible(`${String(value)} is no whole minor unit`);
    return numerator / denominator;
  }

  private get scale(): bigint {
    return this.unit === 'major' ? 100n : 1n;
  }
}
