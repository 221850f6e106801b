import { parseSettlementRelayConfig } from './config.ts';

const key = (kid: string) => `${kid}:${Buffer.alloc(32, kid).toString('base64')}`;
const ENV = {
  ...{ NATS_URL: 'nats://localhost:4222', DATABASE_URL: 'postgres://u:p@localhost/couplet' },
  ...{ TOKEN_KEY: key('t'), FINGERPRINT_KEY: key('f') },
};

it('takes its defaults', () => {
  expect(parseSettlementRelayConfig(ENV)).toMatchObject({
    SEARCH_DEADLINE_MS: 500,
    ATTEMPT_DEADLINE_MS: 10_000,
    CLOCK_SKEW_MS: 5_000,
  });
});

it.each([
  {
    SEARCH_DEADLINE_MS: '5000',
    refused: 'ATTEMPT_DEADLINE_MS must be above SEARCH_DEADLINE_MS',
    because: 'apart by the skew is not more than it',
  },
  {
    RESERVATION_DEADLINE_MS: '15000',
    refused: 'RESERVATION_DEADLINE_MS must be above',
    because: 'the registry would end good sales',
  },
  {
    CLOCK_SKEW_MS: '60000',
    refused: 'RESERVATION_DEADLINE_MS must be above',
    because: 'clocks may differ by more than the gaps',
  },
])('refuses deadlines in the wrong order: $because', ({ refused, because: _because, ...settings }) => {
  expect(() => parseSettlementRelayConfig({ ...ENV, ...settings })).toThrow(refused);
});

it('names a key that is none, and never shows it', () => {
  const secret = 'not-a-key-but-secret';
  expect(() => parseSettlementRelayConfig({ ...ENV, TOKEN_KEY: secret })).toThrow(
    /^(?!.*not-a-key)[^]*TOKEN_KEY/,
  );
});
