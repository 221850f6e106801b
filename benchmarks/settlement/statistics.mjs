/** The element whose value is the (lower) median. */
export function byMedian(elements, valueOf = (value) => value) {
  const ascending = [...elements].sort((a, b) => valueOf(a) - valueOf(b));
  return ascending[Math.floor((ascending.length - 1) / 2)];
}

export const median = (values) => byMedian(values);
