import type { IntegerProgram, ProgramAnswer, SolveProgram } from '@couplet/promotion';
import loadHighs from 'highs';

/** Gains are whole minor units: what is no further from the best than this is the best. */
const GAP = 0.99;

/**
 * HiGHS, which is given the time that is left whenever it is asked.
 *
 * @see Huangfu, Hall: Parallelizing the dual revised simplex method (2018); its branch and cut runs here in one thread
 */
export async function integerSolver(leftMs: () => number): Promise<SolveProgram> {
  // Its types are those of its CommonJS form, where the function is the default of the default.
  const highs = await (loadHighs as unknown as typeof loadHighs.default)();
  const { objectiveSense, modelStatus } = highs.constants;
  return (program) => {
    const model = highs.createModel({ ...sparse(program), sense: objectiveSense.maximize });
    try {
      const time_limit = Math.max(0, leftMs()) / 1_000;
      model.options.set({ output_flag: false, mip_rel_gap: 0, mip_abs_gap: GAP, time_limit });
      if (program.start.length > 0) model.setSolution(entriesOf(program.start));
      model.run();
      return answerOf(model.getModelStatus());
    } finally {
      model.dispose();
    }

    function answerOf(status: number): ProgramAnswer {
      // All columns are bounded.
      if (status === modelStatus.infeasible || status === modelStatus.unboundedOrInfeasible)
        return { bound: -Infinity };
      const gain = model.getObjectiveValue();
      const isFound = Number.isFinite(gain) && Number(model.info.get('primal_solution_status')) === 2;
      const counts = isFound ? { counts: model.getSolution().colValue } : {};
      const bound = Number(model.info.get('mip_dual_bound'));
      // What was cut off because it is within the gap may not count in the bound that is told.
      if (status === modelStatus.optimal) return { ...counts, bound: Math.max(bound, gain + GAP) };
      return {
        ...counts,
        bound: status === modelStatus.timeLimit && Number.isFinite(bound) ? bound : Infinity,
      };
    }
  };
}

const entriesOf = (entries: IntegerProgram['start']) => ({
  indices: entries.map(([column]) => column),
  values: entries.map(([, count]) => count),
});

function sparse({ gains, most, isWhole, rows }: IntegerProgram) {
  const [starts, indices, values] = [[0], [] as number[], [] as number[]];
  for (const { terms } of rows) {
    for (const [column, factor] of terms) {
      if (factor === 0) continue;
      indices.push(column);
      values.push(factor);
    }
    starts.push(indices.length);
  }
  const size = { numCols: gains.length, numRows: rows.length };
  return {
    ...size,
    colCost: gains,
    colLower: gains.map(() => 0),
    colUpper: most,
    integrality: isWhole.map((whole) => (whole ? 1 : 0) as 0 | 1),
    rowLower: rows.map(({ least }) => least),
    rowUpper: rows.map((row) => row.most),
    matrix: { format: 'csr' as const, ...size, starts, indices, values },
  };
}
