import { ProblemError } from '@couplet/contracts';
import { checkPresentedAt } from './presented-at.ts';

const nowMs = Date.parse('2026-05-10T12:00:00Z');

describe('presentedAt', () => {
  it.each(['2026-05-09T12:00:00Z', '2026-05-11T12:00:00Z'])('may be a day away: %s', (presentedAt) => {
    expect(() => checkPresentedAt(presentedAt, { nowMs, toleranceMs: 86_400_000 })).not.toThrow();
  });

  it.each(['2026-05-09T11:59:59.999Z', '2026-05-11T12:00:00.001Z'])(
    'may not be further: %s',
    (presentedAt) => {
      const check = () => checkPresentedAt(presentedAt, { nowMs, toleranceMs: 86_400_000 });
      expect(check).toThrow(ProblemError);
      expect(check).toThrow(
        expect.objectContaining({
          code: 'invalid-request',
          errors: [expect.objectContaining({ field: 'presentedAt' })],
        }),
      );
    },
  );
});
