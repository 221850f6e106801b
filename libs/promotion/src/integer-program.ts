/** What a solver of integer programs is asked: the greatest gain of columns, so many of each, within rows. */
export interface IntegerProgram {
  /** Per column, what one of it gains. */
  gains: number[];
  /** Per column, how many there are at most; at least none. */
  most: number[];
  /** Per column, whether it counts in whole numbers. */
  isWhole: boolean[];
  rows: ProgramRow[];
  /** Counts of some columns to begin with: of a choice that is known, which the solver need not find. */
  start: [column: number, count: number][];
}

/** The sum of some columns, each times its factor, is within both limits. */
export interface ProgramRow {
  terms: [column: number, factor: number][];
  least: number;
  most: number;
}

/** What a solver found. */
export interface ProgramAnswer {
  /** How many of each column; absent where it found none. */
  counts?: ArrayLike<number>;
  /** No counts gain more; Infinity where it is not known. */
  bound: number;
}

export type SolveProgram = (program: IntegerProgram) => ProgramAnswer;

/** Puts a program together, column by column and row by row. */
export class ProgramDraft implements IntegerProgram {
  readonly gains: number[] = [];
  readonly most: number[] = [];
  readonly isWhole: boolean[] = [];
  readonly rows: ProgramRow[] = [];
  readonly start: IntegerProgram['start'] = [];

  /** @returns its position */
  column(gain: number, most: number, isWhole = true): number {
    this.gains.push(gain);
    this.most.push(most);
    this.isWhole.push(isWhole);
    return this.gains.length - 1;
  }

  equal(terms: ProgramRow['terms'], sum: number): void {
    this.rows.push({ terms, least: sum, most: sum });
  }

  atMost(terms: ProgramRow['terms'], most: number): void {
    this.rows.push({ terms, least: -Infinity, most });
  }
}
