import type { Payment, PresentedMedium } from '@couplet/contracts';
import { CardNumber } from '@couplet/medium-id';
import { DataError } from '../journey/data-error.ts';

/** What pays: a card that was read, or the relay's own handle of one. */
export interface Tender {
  readonly kind: Payment['kind'];
  readonly number?: CardNumber;
  readonly reference?: string;
  readonly token?: string;
}

/** What the shopper presents. The first tender pays; each further one pays what is then still due. */
export interface Cards {
  readonly tenders: readonly Tender[];
  readonly media: readonly PresentedMedium[];
}

const LINE =
  /^(?:(?:(?<pays>credit-card|debit-card) +)?(?<number>\d[\d ]{10,22}\d)|(?<kind>point-card|mileage-card) +(?<scheme>\S+) +(?<id>[0-9A-Za-z-]{1,64}))$/;

/**
 * Cards as a reader sends them, one on each line: `4111111111111111`, `debit-card 4111111111111111`,
 * `point-card grocer 2261`.
 *
 * @throws DataError that tells the line's place and nothing of what it holds
 */
export function readCards(text: string): Cards {
  const tenders: Tender[] = [];
  const media: PresentedMedium[] = [];
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  for (const [index, line] of lines.entries()) {
    const { pays, number, kind, scheme, id } = LINE.exec(line.trim())?.groups ?? {};
    if (number) {
      const digits = number.replaceAll(' ', '');
      if (digits.length < 12 || digits.length > 19) throw unreadable(index);
      tenders.push({
        kind: pays === 'debit-card' ? 'debit-card' : 'credit-card',
        number: new CardNumber(digits),
      });
    } else if (kind) {
      media.push({ kind: kind as PresentedMedium['kind'], scheme, id });
    } else throw unreadable(index);
  }
  return { tenders, media };
}

/** The payment as the relay takes it. Here and in `mediaOf` alone the number leaves its wrapping. */
export function paymentOf({ kind, number, reference, token }: Tender): Payment {
  return {
    kind,
    ...(number && { id: number.reveal() }),
    ...(reference !== undefined && { reference }),
    ...(token !== undefined && { token }),
  };
}

/** Everything by which coupons of the shopper are found. */
export function mediaOf({ tenders, media }: Cards): PresentedMedium[] {
  const paying = tenders.flatMap(({ kind, number, token }): PresentedMedium[] => {
    if (number) return [{ kind, id: number.reveal() }];
    return token === undefined ? [] : [{ kind, token }];
  });
  return [...paying, ...media];
}

/** `credit card ****1111`: all that may be shown or kept of it. */
export function tenderText({ kind, number }: Pick<Tender, 'kind' | 'number'>): string {
  return `${kind.replace('-', ' ')}${number ? ` ${number}` : ''}`;
}

function unreadable(index: number): DataError {
  return new DataError(
    `Card line ${index + 1} cannot be read. It must be a card number, alone or after "credit-card" or "debit-card", or "point-card SCHEME NUMBER" or "mileage-card SCHEME NUMBER".`,
  );
}
