/** Every step at which this service may be killed on purpose; crash tests walk this list. */
export const FAILPOINTS = [
  'analytics.accumulate.before-commit',
  'analytics.accumulate.after-commit',
] as const;
