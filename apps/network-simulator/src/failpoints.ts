/** Every step at which this service may be killed on purpose; crash tests walk this list. */
export const FAILPOINTS = (['authorize', 'adjust', 'reverse', 'capture', 'refund'] as const).flatMap(
  (verb) => [`network.${verb}.on-arrival`, `network.${verb}.before-answer`] as const,
);
