/** Two bodies say the same, whatever the order of their fields. */
export function same(one: object, other: object): boolean {
  return sorted(one) === sorted(other);
}

function sorted(body: object): string {
  return JSON.stringify(Object.entries(body).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
