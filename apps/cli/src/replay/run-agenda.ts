/**
 * Performs items in their order, at most `concurrency` at a time.
 *
 * @throws what `perform` throws first; nothing further is begun then
 */
export async function runAgenda<Item>(
  items: readonly Item[],
  {
    concurrency,
    laneOf,
    perform,
  }: { concurrency: number; laneOf: (item: Item) => string; perform: (item: Item) => Promise<void> },
): Promise<void> {
  const lanes = new Map<string, Promise<void>>();
  const underWay = new Set<Promise<void>>();
  for (const item of items) {
    if (underWay.size >= concurrency) await Promise.race(underWay);
    const lane = laneOf(item);
    const done = (lanes.get(lane) ?? Promise.resolve()).then(() => perform(item));
    lanes.set(lane, done);
    underWay.add(done);
    void done.then(
      () => underWay.delete(done),
      () => undefined, // Stays, so that the next race, or the end, rejects.
    );
  }
  await Promise.all(underWay);
}
