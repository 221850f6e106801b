/**
 * Splits what came at once into rounds, so that no two of a round share a key and those that do keep their order.
 *
 * @param keysOf what an item has to itself while it is worked on
 */
export function roundsOf<Item>(items: readonly Item[], keysOf: (item: Item) => readonly string[]): Item[][] {
  const rounds: Item[][] = [];
  const nextOf = new Map<string, number>();
  for (const item of items) {
    const keys = keysOf(item);
    const round = Math.max(...keys.map((key) => nextOf.get(key) ?? 0));
    (rounds[round] ??= []).push(item);
    for (const key of keys) nextOf.set(key, round + 1);
  }
  return rounds;
}
