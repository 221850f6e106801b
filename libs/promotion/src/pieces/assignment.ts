/** Who gets which column, per row; undefined: none. And what it comes to. */
export interface Assignment {
  columnOf: (number | undefined)[];
  total: number;
  /** Per column; at these every row has what gains it most. */
  prices: Float64Array;
}

/**
 * Gives every row a column of its own, or leaves it without, so that the total is greatest.
 *
 * @param values per row and column; -Infinity: not possible
 * @param withoutOf per row what it is worth to be left without; finite
 * @see Jonker, Volgenant: A shortest augmenting path algorithm for linear assignment problems (1987)
 */
export function assign(values: readonly Float64Array[], withoutOf: readonly number[]): Assignment {
  const columns = values[0]?.length ?? 0;
  const rowOf = new Int32Array(columns).fill(-1);
  const columnOf = new Int32Array(values.length).fill(-1);
  const rowPrice = new Float64Array(values.length);
  const columnPrice = new Float64Array(columns);
  const distance = new Float64Array(columns);
  const from = new Int32Array(columns);
  const isDone = new Uint8Array(columns);

  for (let first = 0; first < values.length; first++) insert(first);

  let total = 0;
  columnOf.forEach((column, row) => (total += column < 0 ? withoutOf[row]! : values[row]![column]!));
  return {
    columnOf: Array.from(columnOf, (column) => (column < 0 ? undefined : column)),
    total,
    prices: columnPrice,
  };

  /** Finds the shortest path from a new row to a free column, or to a row that is better left without. */
  function insert(first: number): void {
    rowPrice[first] = Math.max(withoutOf[first]!, mostOf(values[first]!, columnPrice));
    distance.fill(Infinity);
    isDone.fill(0);
    const passed: { column: number; row: number; at: number }[] = [];
    let [row, reached] = [first, 0];
    let best = { at: Infinity, row: -1 };
    let end = -1;
    for (;;) {
      const left = reached + rowPrice[row]! - withoutOf[row]!;
      if (left < best.at) best = { at: left, row };
      const ofRow = values[row]!;
      const base = reached + rowPrice[row]!;
      let nearest = -1;
      for (let column = 0; column < columns; column++) {
        if (isDone[column]) continue;
        const length = base + columnPrice[column]! - ofRow[column]!;
        if (length < distance[column]!) {
          distance[column] = length;
          from[column] = row;
        }
        if (nearest < 0 || distance[column]! < distance[nearest]!) nearest = column;
      }
      if (nearest < 0 || !(distance[nearest]! < best.at)) {
        reached = best.at;
        break;
      }
      reached = distance[nearest]!;
      if (rowOf[nearest]! < 0) {
        end = nearest;
        break;
      }
      isDone[nearest] = 1;
      row = rowOf[nearest]!;
      passed.push({ column: nearest, row, at: reached });
    }
    rowPrice[first] = rowPrice[first]! - reached;
    for (const { column, row: other, at } of passed) {
      columnPrice[column] = columnPrice[column]! + reached - at;
      rowPrice[other] = rowPrice[other]! - (reached - at);
    }
    if (end < 0) end = release(best.row);
    while (end >= 0) {
      const taker = from[end]!;
      const before = columnOf[taker]!;
      rowOf[end] = taker;
      columnOf[taker] = end;
      end = taker === first ? -1 : before;
    }
  }

  /** Leaves a row without; its column is free for the one before it on the path. */
  function release(row: number): number {
    const column = columnOf[row]!;
    columnOf[row] = -1;
    return column;
  }
}

function mostOf(values: Float64Array, prices: Float64Array): number {
  let most = -Infinity;
  for (let column = 0; column < values.length; column++)
    most = Math.max(most, values[column]! - prices[column]!);
  return most;
}
