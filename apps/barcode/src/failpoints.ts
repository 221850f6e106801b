/** Every step at which this service may be killed on purpose; crash tests walk this list. */
export const FAILPOINTS = [
  'barcode.ask.before-commit',
  'barcode.ask.after-commit',
  'barcode.scan.before-commit',
  'barcode.scan.after-commit',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];
