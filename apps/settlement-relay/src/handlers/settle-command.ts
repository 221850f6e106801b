import { ProblemError, type Payment, type SettleRequest, type TokenizedMedium } from '@couplet/contracts';
import { CardNumber, InvalidMediumError, mediumToken, parToken, type TokenKey } from '@couplet/medium-id';
import type { RequestContext } from '@couplet/nats';
import type { CardPayment } from '../clients/card-payment.ts';
import type { SettleCommand } from '../domain/settle-deps.ts';

export interface Keys {
  readonly token: TokenKey;
  readonly fingerprint: TokenKey;
}

/**
 * A request as it goes on from here: media as tokens, the card number out of sight.
 *
 * @throws ProblemError `invalid-request`, with the field, for a number that cannot be a medium's
 */
export function settleCommand(body: SettleRequest, context: RequestContext, keys: Keys): SettleCommand {
  const { payment, media, ...request } = body;
  return {
    relay: context.caller,
    request,
    ...(payment && { payment: outOfSight(payment) }),
    media: [
      ...(payment ? paymentMedium(payment, keys.token) : []),
      ...media.map((medium, index) => presentedMedium(medium, index, keys.token)),
    ],
    fingerprint: keys.fingerprint.sign(canonical(body)),
    traceparent: context.traceparent,
  };
}

/** The card that pays is a medium too, by its number, its account reference or an agreed token. */
function paymentMedium({ kind, id, par, token }: Payment, key: TokenKey): TokenizedMedium[] {
  if (token !== undefined) return [{ kind, token }];
  if (par !== undefined) return [{ kind, token: tokenOf('payment', () => parToken(key, par)) }];
  if (id !== undefined) return [{ kind, token: tokenOf('payment', () => mediumToken(key, { kind, id })) }];
  return [];
}

function presentedMedium(
  { kind, scheme, id, token }: SettleRequest['media'][number],
  index: number,
  key: TokenKey,
): TokenizedMedium {
  if (token !== undefined) return { kind, token };
  const field = `media[${index}]`;
  if (id === undefined) throw invalid(field, 'give exactly one of id and token');
  return { kind, token: tokenOf(field, () => mediumToken(key, { kind, scheme, id })) };
}

function tokenOf(field: string, make: () => string): string {
  try {
    return make();
  } catch (error) {
    if (error instanceof InvalidMediumError) throw invalid(`${field}.${error.field}`, error.message);
    throw error;
  }
}

const invalid = (field: string, detail: string): ProblemError =>
  new ProblemError('invalid-request', `${field}: ${detail}`, [{ field, detail }]);

function outOfSight({ id, ...payment }: Payment): CardPayment {
  return id === undefined ? payment : { ...payment, number: new CardNumber(id) };
}

/** One text for one body, however its sender orders the fields. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part === 'bigint') return part.toString();
    if (typeof part !== 'object' || part === null || Array.isArray(part)) return part;
    return Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
