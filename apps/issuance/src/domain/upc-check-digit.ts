/** Of a UPC-A code (modulo 10, odd places weigh three). */
export function upcCheckDigit(digits11: string): number {
  const sum = [...digits11].reduce(
    (total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1),
    0,
  );
  return (10 - (sum % 10)) % 10;
}
