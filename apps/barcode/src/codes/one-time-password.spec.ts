import { STEP_S, stepStartS } from '../domain/rotation.ts';
import { oneTimePassword } from './one-time-password.ts';

/** RFC 6238, appendix B, the column of SHA256. */
const SECRET = Buffer.from('12345678901234567890123456789012');

it.each([
  { atS: 59, password: '46119246' },
  { atS: 1_111_111_109, password: '68084774' },
  { atS: 1_111_111_111, password: '67062674' },
  { atS: 1_234_567_890, password: '91819424' },
  { atS: 2_000_000_000, password: '90698825' },
  { atS: 20_000_000_000, password: '77737706' },
])('gives $password at $atS, as RFC 6238 does', ({ atS, password }) => {
  const stampS = stepStartS(atS * 1000);
  expect(stampS % STEP_S).toBe(0);
  expect(oneTimePassword(SECRET, stampS)).toBe(password);
});
