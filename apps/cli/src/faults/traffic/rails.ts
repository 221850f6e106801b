import type { Capabilities } from '@couplet/contracts';

/** S1: a hold can be lowered in place. */
export const ADJUSTABLE: Capabilities = {
  shrink: true,
  finalPartialCapture: false,
  secondAuthorization: true,
  partialApproval: true,
  refund: true,
};
/** S2: a capture may take less than is held. */
export const CAPTURES_LESS: Capabilities = { ...ADJUSTABLE, shrink: false, finalPartialCapture: true };
/** S3: what is held is taken, or reversed before the card is asked again. */
export const REVERSE_THEN_ASK: Capabilities = { ...ADJUSTABLE, shrink: false };
