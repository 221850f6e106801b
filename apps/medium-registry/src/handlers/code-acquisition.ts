import { ProblemError } from '@couplet/contracts';
import type { OutboxRelay } from '@couplet/outbox';
import { inTransaction } from '@couplet/postgres';
import { Inject, Injectable } from '@nestjs/common';
import type { Issuance } from '../clients/issuance.ts';
import { closeClaim, type CodeClaim, type CodeCoupon, openClaim } from '../db/code-claims.ts';
import { keepAcquisition } from '../db/keep-acquisition.ts';
import { isKnown } from '../db/offers.ts';
import type { Registry } from '../db/registry.ts';
import { ISSUANCE, OUTBOX, REGISTRY } from './tokens.ts';

/**
 * Gives the coupon of a code: the claim is written down, then asked of issuance, then the coupon is given and the claim
 * closed in one transaction. Wherever that stops, the same claim may be asked again, and is until it is answered.
 */
@Injectable()
export class CodeAcquisition {
  constructor(
    @Inject(REGISTRY) private readonly registry: Registry,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
    @Inject(ISSUANCE) private readonly issuance: Issuance,
  ) {}

  /** @throws ProblemError if the code gives no coupon, or it cannot be told yet */
  async acquire(claim: CodeClaim): Promise<CodeCoupon> {
    const { pool, reached } = this.registry;
    const coupon = await inTransaction(pool, (client) => openClaim(client, claim));
    if (coupon) return coupon;
    reached('registry.claim.opened');
    return this.finish(claim);
  }

  /** @throws as {@link acquire} */
  async finish(claim: CodeClaim): Promise<CodeCoupon> {
    const answer = await this.issuance.claimCode(claim).catch((error: unknown) => {
      if (error instanceof ProblemError) throw error;
      throw new ProblemError(
        'unavailable',
        'codes cannot be checked now; the same request may be repeated',
        undefined,
        {
          cause: error,
        },
      );
    });
    this.registry.reached('registry.claim.answered');
    return answer.outcome === 'claimed'
      ? this.give(claim, answer.offerId)
      : this.refuse(claim, answer.reason);
  }

  private async give(claim: CodeClaim, offerId: string): Promise<CodeCoupon> {
    const { acquisitionId } = claim;
    const [coupon] = await inTransaction(this.registry.pool, async (client) => {
      if (!(await isKnown(client, offerId))) throw new ProblemError('unavailable', OFFER_UNDER_WAY);
      await closeClaim(client, acquisitionId);
      return keepAcquisition(client, { ...claim, offerIds: [offerId] });
    });
    this.outbox.wake();
    return { acquisitionId, couponId: coupon!.couponId, offerId };
  }

  private async refuse({ acquisitionId }: CodeClaim, reason: keyof typeof REFUSALS): Promise<never> {
    await inTransaction(this.registry.pool, (client) => closeClaim(client, acquisitionId));
    const { code, detail } = REFUSALS[reason];
    throw new ProblemError(code, detail, [{ field: 'code', detail: reason }]);
  }
}

const OFFER_UNDER_WAY = 'the offer of the code is not here yet; the same request may be repeated';

const REFUSALS = {
  'no-such-code': { code: 'not-found', detail: 'there is no such code' },
  'already-used': { code: 'conflict', detail: 'the code was used before' },
  'offer-not-live': { code: 'conflict', detail: 'the offer of the code is not live' },
} as const;
