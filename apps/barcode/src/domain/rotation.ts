/** RFC 6238, section 4: the time step X. */
export const STEP_S = 30;
/** Steps that the clocks of phone and store may be apart (RFC 6238, section 5.2). */
const STEPS_APART = 1;

/** Second at which the step that holds this time began; it stands in the code as its time stamp. */
export function stepStartS(atMs: number): number {
  return Math.floor(atMs / 1000 / STEP_S) * STEP_S;
}

/** Whether a code of that step may be scanned at this time. */
export function isInWindow(stampS: number, scannedAtMs: number): boolean {
  return stampS % STEP_S === 0 && Math.abs(stepStartS(scannedAtMs) - stampS) <= STEPS_APART * STEP_S;
}
