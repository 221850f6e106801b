import { v5 } from 'uuid';

/** Namespace of the ids of a replay (RFC 9562, version 5). */
const REPLAY = '7f1c4d0e-6c0b-4a4c-9b1e-0c6a3d5f2b71';

/** The same names give the same id, so a replay that is repeated asks for the same things again instead of new ones. */
export function idOf(kind: string, ...names: readonly string[]): string {
  return v5([kind, ...names].join('/'), REPLAY);
}
