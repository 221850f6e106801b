import fc from 'fast-check';
import { decide, type FollowUp, type FollowUpVerb } from './follow-up.ts';
import { charged, type Hold, type HoldState } from './hold.ts';

const RAIL = { shrink: true, finalPartialCapture: false, refund: true };
const base = { currency: 'USD', authorized: 386n, held: 0n, captured: 0n, refunded: 0n, standIn: false };
const HOLDS: Record<HoldState, Hold> = {
  held: { ...base, state: 'held', held: 386n },
  reversed: { ...base, state: 'reversed' },
  declined: { ...base, state: 'declined', authorized: 0n },
  captured: { ...base, state: 'captured', held: 100n, captured: 286n },
};
const ask = (verb: FollowUpVerb, amount = 286n): FollowUp =>
  verb === 'reverse' ? { verb } : { verb, amount, currency: 'USD' };

describe('the table of protocol section 5', () => {
  it.each([
    ['adjust', 'never-seen', 'refused', undefined],
    ['adjust', 'held', 'done', { state: 'held', held: 286n }],
    ['adjust', 'reversed', 'refused', undefined],
    ['adjust', 'declined', 'refused', undefined],
    ['adjust', 'captured', 'done', { state: 'captured', held: 0n, captured: 286n }],
    ['reverse', 'never-seen', 'done', { state: 'reversed', held: 0n, authorized: 0n }],
    ['reverse', 'held', 'done', { state: 'reversed', held: 0n }],
    ['reverse', 'reversed', 'done', undefined],
    ['reverse', 'declined', 'done', undefined],
    ['reverse', 'captured', 'refused', undefined],
    ['capture', 'never-seen', 'refused', undefined],
    ['capture', 'held', 'done', { state: 'captured', held: 100n, captured: 286n }],
    ['capture', 'reversed', 'refused', undefined],
    ['capture', 'declined', 'refused', undefined],
    ['capture', 'captured', 'done', undefined],
    ['refund', 'never-seen', 'refused', undefined],
    ['refund', 'held', 'refused', undefined],
    ['refund', 'reversed', 'refused', undefined],
    ['refund', 'declined', 'refused', undefined],
    ['refund', 'captured', 'done', { state: 'captured', captured: 286n, refunded: 286n }],
  ] as const)('%s of %s: %s', (verb, state, outcome, next) => {
    const decision = decide(state === 'never-seen' ? undefined : HOLDS[state], ask(verb), RAIL);
    expect(decision.outcome).toBe(outcome);
    if (next) expect(decision.next).toMatchObject(next);
    else expect(decision.next).toBeUndefined();
  });
});

describe('an amount', () => {
  const held = HOLDS.held;
  const captured = HOLDS.captured;
  it.each([
    ['adjust above the hold', held, ask('adjust', 387n), 'above-hold'],
    ['adjust to nothing, which is a reversal', held, ask('adjust', 0n), 'invalid-amount'],
    ['capture above the hold', held, ask('capture', 387n), 'above-hold'],
    ['capture of nothing', held, ask('capture', 0n), 'invalid-amount'],
    ['capture of another amount after the capture', captured, ask('capture', 285n), 'captured-other-amount'],
    ['adjust to another amount after the capture', captured, ask('adjust', 285n), 'captured'],
    ['refund above what was captured', captured, ask('refund', 287n), 'above-captured'],
    ['refund above the rest', { ...captured, refunded: 200n }, ask('refund', 87n), 'above-captured'],
    ['another currency', held, { verb: 'capture', amount: 1n, currency: 'EUR' }, 'currency-differs'],
  ] as const)('is refused: %s', (_case, hold, followUp, reason) => {
    expect(decide(hold, followUp, RAIL)).toEqual({ outcome: 'refused', reason });
  });

  it('of the whole hold is captured without a rest, and a hold may be adjusted to itself', () => {
    expect(decide(held, ask('capture', 386n), RAIL).next).toMatchObject({
      held: 0n,
      captured: 386n,
    });
    expect(decide(held, ask('adjust', 386n), RAIL).outcome).toBe('done');
  });

  it('may be refunded in parts', () => {
    const once = decide(captured, ask('refund', 200n), RAIL).next!;
    expect(decide(once, ask('refund', 86n), RAIL).next).toMatchObject({ refunded: 286n });
  });
});

describe('what the rail declares', () => {
  it.each([
    ['shrink', ask('adjust'), HOLDS.held],
    ['refund', ask('refund'), HOLDS.captured],
  ] as const)('without %s refuses it', (capability, followUp, hold) => {
    expect(decide(hold, followUp, { ...RAIL, [capability]: false })).toEqual({
      outcome: 'refused',
      reason: 'not-supported',
    });
  });

  it('with finalPartialCapture frees the rest by the capture', () => {
    const decision = decide(HOLDS.held, ask('capture'), { ...RAIL, finalPartialCapture: true });
    expect(decision.next).toMatchObject({ state: 'captured', held: 0n, captured: 286n });
  });
});

describe('an advice', () => {
  const advice = { verb: 'adjust', amount: 286n, currency: 'USD', advice: true } as const;
  const standIn = { ...HOLDS.held, standIn: true };

  it('alone lowers a stand-in approval', () => {
    expect(decide(standIn, ask('adjust'), RAIL)).toEqual({ outcome: 'refused', reason: 'advice-required' });
    expect(decide(standIn, advice, RAIL).next).toMatchObject({ held: 286n });
    expect(decide(standIn, ask('capture'), RAIL).outcome).toBe('done');
  });

  it('is not refused by a rail that cannot shrink, nor by a script', () => {
    expect(decide(standIn, advice, { ...RAIL, shrink: false }, { refusal: 'host-down' }).outcome).toBe(
      'done',
    );
  });

  it('states no fact about a hold that is not there, nor above it', () => {
    expect(decide(undefined, advice, RAIL).outcome).toBe('refused');
    expect(decide(standIn, { ...advice, amount: 387n }, RAIL).outcome).toBe('refused');
  });
});

it('a rest may be kept by a final capture, until it is released', () => {
  const rail = { ...RAIL, finalPartialCapture: true };
  const { next } = decide(HOLDS.held, ask('capture'), rail, { keepRest: true });
  expect(next).toMatchObject({ state: 'captured', held: 100n });
  expect(decide(next, ask('adjust'), rail).next).toMatchObject({ held: 0n, captured: 286n });
});

describe('a scripted refusal', () => {
  it('changes nothing but that a refused capture is remembered', () => {
    expect(decide(HOLDS.held, ask('adjust'), RAIL, { refusal: 'host-down' })).toEqual({
      outcome: 'refused',
      reason: 'host-down',
    });
    expect(decide(undefined, ask('reverse'), RAIL, { refusal: 'host-down' }).next).toBeUndefined();
    const { next } = decide(HOLDS.held, ask('capture'), RAIL, { refusal: 'closed' });
    expect(decide(next, ask('capture'), RAIL)).toEqual({ outcome: 'refused', reason: 'closed' });
    expect(decide(next, ask('reverse'), RAIL).outcome).toBe('done');
  });
});

it('any follow-ups in any order never take more than was authorized, nor give back more than was captured', () => {
  const verb = fc.constantFrom<FollowUpVerb>('adjust', 'reverse', 'capture', 'refund');
  const steps = fc.array(fc.tuple(verb, fc.bigInt({ min: 0n, max: 500n })));
  const rail = fc.record({ shrink: fc.boolean(), finalPartialCapture: fc.boolean(), refund: fc.boolean() });
  fc.assert(
    fc.property(steps, rail, (asked, declared) => {
      let hold = HOLDS.held;
      for (const [name, amount] of asked) {
        const next = decide(hold, ask(name, amount), declared).next ?? hold;
        expect(next.held >= 0n && next.refunded >= 0n && next.refunded <= next.captured).toBe(true);
        expect(next.held + next.captured <= hold.held + hold.captured).toBe(true);
        expect(charged(next) <= charged(hold)).toBe(true);
        hold = next;
      }
    }),
  );
});
