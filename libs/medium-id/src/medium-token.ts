import { InvalidMediumError } from './invalid-medium.ts';
import { passesLuhn } from './luhn.ts';
import type { TokenKey } from './token-key.ts';

export type MediumKind = 'credit-card' | 'debit-card' | 'point-card' | 'mileage-card';

/** A medium by its whole number, as it was read or typed. */
export interface MediumNumber {
  readonly kind: MediumKind;
  /** Who issued the number: needed for point and mileage cards, without meaning for payment cards. */
  readonly scheme?: string | undefined;
  readonly id: string;
}

/**
 * The token that stands for a medium everywhere but at its entry (PCI DSS 3.5.1.1: keyed, over the whole number).
 * Which spellings give the same token is told in the README of this library.
 *
 * @returns `<kid>:<43 base64url characters>`
 * @throws InvalidMediumError if the number does not fit its kind
 */
export function mediumToken(key: TokenKey, { kind, scheme, id }: MediumNumber): string {
  const number = id.replaceAll(/[ -]/g, '');
  switch (kind) {
    case 'credit-card':
    case 'debit-card':
      return token(key, 'pan', cardDigits(number));
    case 'point-card':
    case 'mileage-card':
      return token(key, ownScheme(scheme, kind), schemeNumber(number));
  }
}

/**
 * Token of a payment account reference, which stays when a card is reissued.
 *
 * @see EMVCo, Payment Account Reference: 29 upper-case letters or digits
 */
export function parToken(key: TokenKey, par: string): string {
  if (!/^[A-Z0-9]{29}$/.test(par))
    throw new InvalidMediumError('par', 'a par has 29 upper-case letters or digits');
  return token(key, 'par', par);
}

// The number holds no `|`, so no two pairs of scheme and number give the same text.
function token(key: TokenKey, scheme: string, number: string): string {
  return key.sign(`couplet/medium/v1|${scheme}|${number}`);
}

function cardDigits(number: string): string {
  if (!/^\d{12,19}$/.test(number)) throw new InvalidMediumError('id', 'a card number has 12 to 19 digits');
  if (!passesLuhn(number)) throw new InvalidMediumError('id', 'the check digit of this card number is wrong');
  return number;
}

function ownScheme(scheme: string | undefined, kind: MediumKind): string {
  if (!scheme) throw new InvalidMediumError('scheme', `a ${kind} needs its scheme`);
  const name = scheme.toLowerCase();
  if (name === 'pan' || name === 'par')
    throw new InvalidMediumError('scheme', `${name} is not a scheme of a ${kind}`);
  return name;
}

function schemeNumber(number: string): string {
  if (!/^[0-9A-Za-z]{1,64}$/.test(number))
    throw new InvalidMediumError('id', 'the number has 1 to 64 letters or digits');
  return number.toUpperCase();
}
