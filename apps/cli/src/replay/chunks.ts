export interface ChunkLimits {
  items: number;
  /** NATS refuses messages above 1 MiB. */
  bytes?: number;
}

const BYTES_MAX = 500_000;

/** Splits a list so that no part has more items, or as JSON more bytes, than a request may have. One item too large stands alone. */
export function* chunksOf<Item>(
  items: Iterable<Item>,
  sizeOf: (item: Item) => number,
  { items: itemsMax, bytes: bytesMax = BYTES_MAX }: ChunkLimits,
): Generator<Item[]> {
  let chunk: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const size = sizeOf(item);
    if (chunk.length > 0 && (chunk.length === itemsMax || bytes + size > bytesMax)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(item);
    bytes += size;
  }
  if (chunk.length > 0) yield chunk;
}
