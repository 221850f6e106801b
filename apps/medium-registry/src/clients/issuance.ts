import { ClaimCodeV1 } from '@couplet/contracts';
import type { RequestClient } from '@couplet/nats';
import type { z } from 'zod';

const TIMEOUT_MS = 3_000;

/** The one that knows which codes there are. */
export class Issuance {
  constructor(private readonly client: Pick<RequestClient, 'request'>) {}

  /**
   * Claims a code for an acquisition; the same claim again gets the same answer.
   *
   * @throws whatever kept the answer away: then the code may be claimed all the same
   */
  claimCode(claim: {
    acquisitionId: string;
    code: string;
    acquiredAt: string;
  }): Promise<z.output<typeof ClaimCodeV1.reply>> {
    const { acquisitionId: claimId, code, acquiredAt: at } = claim;
    return this.client.request(ClaimCodeV1, { claimId, code, at }, { timeoutMs: TIMEOUT_MS });
  }
}
