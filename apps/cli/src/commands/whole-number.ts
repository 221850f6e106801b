import { InvalidArgumentError } from 'commander';

/** Reads an option that is a whole number of 1 or more. */
export function wholeNumber(text: string): number {
  const number = wholeNumberOrZero(text);
  if (number === 0) throw new InvalidArgumentError('It must be 1 or more.');
  return number;
}

export function wholeNumberOrZero(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
