import type { ScanReason } from '@couplet/contracts';
import type { Asked, ScanOutcome } from './scan.ts';

export type ScanState = (ScanOutcome | Asked)['state'];

/** What may come after a scan: the store confirms or voids it, the registry or the sweeper wants its end. */
export type ScanEnding = 'confirm' | 'void' | 'resolve';

export interface ScanMove {
  next: 'granted' | 'abandoned' | 'rolled-back';
  reason?: ScanReason;
}

/**
 * How an ending moves a scan; undefined where it stays as it is. A scan that is over never moves again, so the answer to
 * each ending follows from the state after it, and stays the same.
 */
export function moveOf(
  { state, confirmBy }: { state: ScanState; confirmBy: Date | null },
  ending: ScanEnding,
  now: Date,
): ScanMove | undefined {
  if (state === 'granted' && ending === 'void') return { next: 'rolled-back', reason: 'voided' };
  if (state === 'asked') return moveOfAsked(ending);
  if (state !== 'held') return undefined;
  switch (ending) {
    case 'confirm':
      return confirmBy! > now ? { next: 'granted' } : { next: 'abandoned', reason: 'timed-out' };
    case 'void':
      return { next: 'abandoned', reason: 'voided' };
    case 'resolve':
      return { next: 'abandoned', reason: 'timed-out' };
  }
}

/** The registry may have used the coupons, so they are rolled back; where it has not, it will not any more. */
function moveOfAsked(ending: ScanEnding): ScanMove | undefined {
  switch (ending) {
    case 'confirm':
      return undefined;
    case 'void':
      return { next: 'rolled-back', reason: 'voided' };
    case 'resolve':
      return { next: 'rolled-back', reason: 'timed-out' };
  }
}
