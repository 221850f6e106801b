import { repeated } from './repeated.ts';

const PATIENCE = { retryMs: 1, patienceMs: 60_000 };
const answer = { said: 'yes' };

describe('repeated', () => {
  it('asks until a try is answered, and counts those that were not', async () => {
    const waits: number[] = [];
    let tries = 0;
    const attempt = async () => (++tries === 4 ? answer : undefined);
    expect(await repeated(attempt, PATIENCE, (count) => waits.push(count))).toBe(answer);
    expect(waits).toEqual([1, 2, 3]);
  });

  it('takes the answer to an earlier try that comes late', async () => {
    const late: ((given: object) => void)[] = [];
    const attempt = () => new Promise<object>((resolve) => late.push(resolve));
    const asked = repeated(attempt, PATIENCE, (count) => count === 3 && late[0]!(answer));
    expect(await asked).toBe(answer);
  });

  it('gives up when its patience is over', async () => {
    expect(
      await repeated(
        async () => undefined,
        { retryMs: 1, patienceMs: 5 },
        () => undefined,
      ),
    ).toBeUndefined();
  });

  it('fails when a try fails in a way nobody expects', async () => {
    const attempt = () => Promise.reject(new TypeError('a bug'));
    await expect(repeated(attempt, PATIENCE, () => undefined)).rejects.toThrow('a bug');
  });
});
