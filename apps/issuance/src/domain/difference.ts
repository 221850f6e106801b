/** One place where two bodies differ. */
export interface Difference {
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

/** What is longer than this as JSON is told by its length. */
const SHOWN_MAX = 300;

/** Where two JSON bodies differ, at the deepest place that is an object in both. */
export function differences(from: unknown, to: unknown, path = ''): Difference[] {
  if (isObject(from) && isObject(to)) {
    const names = [...new Set([...Object.keys(from), ...Object.keys(to)])];
    return names.flatMap((name) => differences(from[name], to[name], path ? `${path}.${name}` : name));
  }
  if (canonical(from) === canonical(to)) return [];
  return [
    { path, ...(from !== undefined && { from: shown(from) }), ...(to !== undefined && { to: shown(to) }) },
  ];
}

// The database keeps the fields of an object in an order of its own.
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, each: unknown) =>
    isObject(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function shown(value: unknown): unknown {
  const { length } = JSON.stringify(value);
  return length <= SHOWN_MAX ? value : `${length} characters`;
}
