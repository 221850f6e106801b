import type { ScanReason, ScanReply, SearchCouponsV1, SettleReply } from '@couplet/contracts';
import type { z } from 'zod';

export type FoundCoupon = z.output<typeof SearchCouponsV1.reply>['coupons'][number];
export type ValidScan = Extract<ScanReply, { result: 'valid' }>;

/** What a terminal tells while it works, in its order: for a person as text, for a script as JSON. */
export type Step =
  | { readonly step: 'sent'; readonly attemptId: string; readonly tender: string | undefined }
  | { readonly step: 'waiting'; readonly id: string; readonly verb: string; readonly tries: number }
  | { readonly step: 'approved'; readonly reply: SettleReply }
  | { readonly step: 'declined'; readonly attemptId: string; readonly reason: string }
  | { readonly step: 'refused'; readonly verb: string; readonly code: string; readonly detail: string }
  | {
      readonly step: 'due';
      readonly amount: bigint;
      readonly currency: string;
      readonly by: 'card' | 'cash' | 'nobody';
    }
  | { readonly step: 'decided'; readonly saleId: string; readonly decision: 'confirm' | 'void' | 'cancel' }
  | {
      readonly step: 'approved-offline';
      readonly saleId: string;
      readonly amount: bigint;
      readonly currency: string;
    }
  | { readonly step: 'receipt'; readonly text: string }
  | { readonly step: 'coupons'; readonly coupons: readonly FoundCoupon[] }
  | {
      readonly step: 'printed';
      readonly codeId: string;
      readonly coupon: FoundCoupon;
      readonly validTo: string;
    }
  | { readonly step: 'valid'; readonly originalAmount: bigint; readonly reply: ValidScan }
  | { readonly step: 'invalid'; readonly scanId: string; readonly reason: ScanReason }
  | {
      readonly step: 'answered';
      readonly saleId: string;
      readonly verb: 'advise' | 'refund';
      readonly reply: unknown;
    }
  | { readonly step: 'ended'; readonly saleId?: string; readonly outcome: Outcome };

/** How a sale ended, or `open`: it has not, and `couplet terminal resume` goes on with it. */
export type Outcome =
  'sold' | 'approved-offline' | 'declined' | 'voided' | 'cancelled' | 'refused' | 'open' | 'unreachable'; // nothing was sent

/** Exit codes of `couplet terminal`; 1 is a mistake in the call or a fault. Goods leave on 0 alone. */
export const EXIT_CODES = {
  sold: 0,
  'approved-offline': 0,
  declined: 2,
  voided: 3,
  cancelled: 3,
  refused: 4,
  open: 5,
  unreachable: 6,
} as const satisfies Record<Outcome, number>;
