import type { Payment } from '@couplet/contracts';
import type { CardNumber } from '@couplet/medium-id';

/** The payment of a request with its number put out of sight: it prints as `****1111` wherever it ends up by mistake. */
export type CardPayment = Omit<Payment, 'id'> & { readonly number?: CardNumber };

/** For the one message that carries the number. */
export function revealed({ number, ...payment }: CardPayment): Payment {
  return number ? { ...payment, id: number.reveal() } : payment;
}
