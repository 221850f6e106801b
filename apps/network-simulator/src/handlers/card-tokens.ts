import { InvalidMediumError, mediumToken, type TokenKey } from '@couplet/medium-id';
import type { AuthorizeV1 } from '@couplet/contracts';
import type { z } from 'zod';

type Payment = z.output<typeof AuthorizeV1.request>['payment'];

/** A card as this network keeps it. */
export interface Card {
  token: string;
  last4: string;
  /** The number cannot be a card's. */
  invalid: boolean;
}

/** Turns what pays into what may be remembered of it. */
export class CardTokens {
  constructor(private readonly key: TokenKey) {}

  ofPayment({ kind, id, reference }: Payment): Card {
    if (id === undefined)
      return { token: this.key.sign(`reference|${reference}`), last4: '', invalid: false };
    try {
      return { token: mediumToken(this.key, { kind, id }), last4: id.slice(-4), invalid: false };
    } catch (error) {
      if (!(error instanceof InvalidMediumError)) throw error;
      return { token: this.key.sign(`invalid|${id}`), last4: id.slice(-4), invalid: true };
    }
  }

  /** @throws InvalidMediumError */
  ofNumber(id: string): string {
    return mediumToken(this.key, { kind: 'credit-card', id });
  }
}
