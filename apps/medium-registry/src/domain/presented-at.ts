import { ProblemError } from '@couplet/contracts';

/**
 * A till whose clock is far off would use coupons outside their window.
 *
 * @throws ProblemError `invalid-request` if `presentedAt` is further than the tolerance from now
 */
export function checkPresentedAt(
  presentedAt: string,
  { nowMs, toleranceMs }: { nowMs: number; toleranceMs: number },
): void {
  if (Math.abs(Date.parse(presentedAt) - nowMs) <= toleranceMs) return;
  const detail = `is more than ${toleranceMs} ms away from the registry's clock`;
  throw new ProblemError('invalid-request', `presentedAt ${detail}`, [{ field: 'presentedAt', detail }]);
}
