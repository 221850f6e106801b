/** Every step at which this service may be killed on purpose; crash tests walk this list. */
export const FAILPOINTS = [
  'registry.offer-approved.before-commit',
  'registry.offer-approved.after-commit',
  'registry.offer-standing.before-commit',
  'registry.offer-standing.after-commit',
  'registry.acquire.before-commit',
  'registry.acquire.after-commit',
  'registry.claim.opened',
  'registry.claim.answered',
  'registry.reserve.before-commit',
  'registry.reserve.after-commit',
  'registry.use.before-commit',
  'registry.use.after-commit',
  'registry.granted.before-commit',
  'registry.granted.after-commit',
  'registry.abandoned.before-commit',
  'registry.abandoned.after-commit',
  'registry.rolled-back.before-commit',
  'registry.rolled-back.after-commit',
  'registry.resolved.before-commit',
  'registry.resolved.after-commit',
] as const;

export type Failpoint = (typeof FAILPOINTS)[number];
