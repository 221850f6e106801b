/** Another message moved the authorization in between; nothing was written. In a transaction: roll back, start over. */
export class Overtaken extends Error {
  override readonly name = 'Overtaken';
}

/** unique_violation: a duplicate wrote first; the others: serialization_failure, deadlock_detected. */
const RACE_LOST = new Set(['23505', '40001', '40P01']);

/** Does it again, with a fresh look, until no other message interferes. Somebody else got on each time, so this ends. */
export async function untilUndisturbed<Result>(work: () => Promise<Result>): Promise<Result> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isRaceLost(error)) throw error;
    }
  }
}

function isRaceLost(error: unknown): boolean {
  if (error instanceof Overtaken) return true;
  return error instanceof Error && 'code' in error && RACE_LOST.has(String(error.code));
}
