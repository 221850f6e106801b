import type { HoldState } from './hold.ts';

/** What was decided on an authorize, as it is remembered. */
export interface Remembered {
  readonly state: HoldState;
  readonly authorized: bigint;
  /** With `declined`. */
  readonly declineReason: string | null;
  /** With an approval. */
  readonly approvalCode: string | null;
  readonly networkReference: string | null;
  /** Approved by the network for an absent issuer. */
  readonly standIn: boolean;
}

export type AuthorizeAnswer =
  | {
      readonly outcome: 'approved';
      readonly approvalCode: string;
      readonly networkReference: string;
      readonly approvedAmount: bigint;
      readonly standIn?: true;
    }
  | { readonly outcome: 'declined'; readonly reason: string };

/** The answer to an authorize and to each repeat of it: approved for ever, unless it was reversed since. */
export function authorizeAnswer(remembered: Remembered, tellsStandIn = true): AuthorizeAnswer {
  switch (remembered.state) {
    case 'held':
    case 'captured':
      return {
        outcome: 'approved',
        approvalCode: remembered.approvalCode ?? '',
        networkReference: remembered.networkReference ?? '',
        approvedAmount: remembered.authorized,
        ...(tellsStandIn && remembered.standIn && { standIn: true }),
      };
    case 'declined':
      return { outcome: 'declined', reason: remembered.declineReason ?? 'do-not-honour' };
    case 'reversed':
      return { outcome: 'declined', reason: 'reversed' };
  }
}

/**
 * Whether settlement-relay has given an authorization up.
 *
 * @param toleranceMs by how much its clock and this one may differ
 */
export function hasExpired(expiresAt: string, now: Date, toleranceMs: number): boolean {
  return now.getTime() > Date.parse(expiresAt) + toleranceMs;
}
