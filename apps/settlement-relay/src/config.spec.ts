import { parseSettlementRelayConfig } from './config.ts';

const key = (kid: string) => `${kid}:${Buffer.alloc(32, kid).toString('base64')}`;
const ENV = {
  NATS_URL: 'nats://localhost:4222',
  DATABASE_URL: 'postgres://u:p@localhost/couplet',
  TOKEN_KEY: key('t'),
  FINGERPRINT_KEY: key('f'),
};

it('takes its defaults', () => {
  expect(parseSettlementRelayConfig(ENV)).toMatchObject({
    SEARCH_DEADLINE_MS: 500,
    ATTEMPT_DEADLINE_MS: 10_000,
    CLOCK_SKEW_MS: 5_000,
  });
});

it.each<[Record<string, string>, string, string]>([
  [{ SEARCH_DEADLINE_MS: '5000' }, 'ATTEMPT_DEADLINE_MS', 'apart by the skew is not more than it'],
  [{ RESERVATION_DEADLINE_MS: '15000' }, 'RESERVATION_DEADLINE_MS', 'the registry would end good sales'],
  [{ CLOCK_SKEW_MS: '60000' }, 'RESERVATION_DEADLINE_MS', 'clocks may differ by more than the gaps'],
])('refuses %j for %s: %s', (settings, refused) => {
  expect(() => parseSettlementRelayConfig({ ...ENV, ...settings })).toThrow(`${refused} must be above`);
});

it('names a key that is none, and never shows it', () => {
  const secret = 'not-a-key-but-secret';
  expect(() => parseSettlementRelayConfig({ ...ENV, TOKEN_KEY: secret })).toThrow(
    /^(?!.*not-a-key)[^]*TOKEN_KEY/,
  );
});
