/** Every step at which this service may be killed on purpose; crash tests walk this list. */
export const FAILPOINTS = [
  'issuance.change.before-commit',
  'issuance.change.after-commit',
  'issuance.codes.before-commit',
  'issuance.codes.after-commit',
] as const;
