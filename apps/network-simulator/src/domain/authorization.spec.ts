import { authorizeAnswer, hasExpired } from './authorization.ts';

const held = {
  state: 'held',
  authorized: 386n,
  declineReason: null,
  approvalCode: 'A1B2C3',
  networkReference: 'sim-1',
  standIn: false,
} as const;

describe('a repeated authorize', () => {
  it.each([
    [held, 'approved'],
    [{ ...held, state: 'captured' }, 'approved'],
    [{ ...held, state: 'reversed' }, 'declined'],
    [{ ...held, state: 'declined', declineReason: 'insufficient-funds' }, 'declined'],
  ] as const)('%# is answered from the state', (remembered, outcome) => {
    expect(authorizeAnswer(remembered).outcome).toBe(outcome);
  });

  it('tells why it is declined now', () => {
    expect(authorizeAnswer({ ...held, state: 'reversed' })).toEqual({
      outcome: 'declined',
      reason: 'reversed',
    });
  });
});

it.each([
  ['2026-01-01T00:00:02.000Z', false, 'the tolerance itself still counts'],
  ['2026-01-01T00:00:02.001Z', true, 'after it'],
])('at %s expired is %s: %s', (now, expired) => {
  expect(hasExpired('2026-01-01T00:00:00Z', new Date(now), 2_000)).toBe(expired);
});
