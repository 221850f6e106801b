import { inspect } from 'node:util';
import { InvalidMediumError } from './invalid-medium.ts';

/**
 * A card number that must not be seen: text, JSON, logs and errors show `****1111`. Only `reveal` gives the number.
 */
export class CardNumber {
  readonly #digits: string;

  /** @throws InvalidMediumError if it is not 12 to 19 digits (ISO/IEC 7812-1) */
  constructor(digits: string) {
    if (!/^\d{12,19}$/.test(digits)) throw new InvalidMediumError('id', 'a card number has 12 to 19 digits');
    this.#digits = digits;
  }

  /** The whole number: for the one message to the card network, and for nothing that is kept. */
  reveal(): string {
    return this.#digits;
  }

  /** All that may be shown or stored beside a token (PCI DSS 3.4.1). */
  get last4(): string {
    return this.#digits.slice(-4);
  }

  toString(): string {
    return `****${this.last4}`;
  }

  toJSON(): string {
    return this.toString();
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
