import { ShowCodeV1 } from '@couplet/contracts';
import { ASK, contentOf, PHONE, Stack } from './stack.ts';

let stack: Stack;
beforeAll(async () => {
  const terms = { usesPerBasket: 1 };
  stack = await Stack.start({ CLOCK_AHEAD_MAX_MS: '3600000' });
  offerId = await stack.offer({ terms });
});
afterAll(() => stack.stop());
let offerId: string;

const symbol = { symbology: 'qr', format: 'png', screen: PHONE } as const;
const rotating = () => stack.code({ offerId, mode: 'rotating' });
const at = (content: string, offS: number) => ({
  scannedAt: new Date((Number(content.slice(40, 50)) + offS) * 1000).toISOString(),
});

it('changes with every step, and says when to ask for the next picture', async () => {
  const code = await rotating();
  expect(code.content).toMatch(/^2\d{57}$/);
  const next = await stack.later(30_000, () =>
    stack.phone.request(ShowCodeV1, { codeId: code.codeId, holderId: code.holderId, symbol }, ASK),
  );
  const content = await contentOf(next);
  expect(content.slice(0, 40)).toBe(code.content.slice(0, 40));
  expect(Number(content.slice(40, 50)) - Number(code.content.slice(40, 50))).toBe(30);
  expect(content.slice(50)).not.toBe(code.content.slice(50));
  expect(Date.parse(code.refreshAt!) / 1000).toBe(Number(content.slice(40, 50)));
});

it.each([
  { name: 'on time', offS: 10 },
  { name: 'by a clock 25 s slow', offS: -25 },
  { name: 'by a clock 25 s fast, at the end of the step', offS: 29 + 25 },
])('is valid $name', async ({ offS }) => {
  const { content } = await rotating();
  expect(await stack.reasonOf(content, at(content, offS))).toBeUndefined();
});

it.each([
  { name: 'a screenshot after its window', offS: 60 },
  { name: 'a screenshot an hour later', offS: 3_600 },
  { name: 'a step that is not there yet', offS: -31 },
])('refuses $name', async ({ offS }) => {
  const { content } = await rotating();
  expect(await stack.reasonOf(content, at(content, offS))).toBe('step-elapsed');
});

it('uses one step once', async () => {
  // Enough coupons for a second use, so that the step alone decides.
  const { holderId, couponIds } = await stack.holder(offerId, offerId);
  const code = await stack.issue({ holderId, couponIds, mode: 'rotating' });
  expect(await stack.reasonOf(code.content)).toBeUndefined();
  expect(await stack.reasonOf(code.content)).toBe('already-used');
  const next = await stack.later(30_000, async () =>
    contentOf(await stack.phone.request(ShowCodeV1, { codeId: code.codeId, holderId, symbol }, ASK)),
  );
  await stack.later(30_000, async () => expect(await stack.reasonOf(next)).toBeUndefined());
});

it('does not let a screenshot be brought up to date: another stamp needs another password, and guesses are counted', async () => {
  const { content } = await rotating();
  const fresh = content.slice(0, 40) + String(Number(content.slice(40, 50)) + 30);
  for (let n = 0; n < 5; n++) {
    expect(await stack.reasonOf(`${fresh}${String(n).padStart(8, '0')}`)).toBe('code-differs');
  }
  await expect(stack.reasonOf(`${fresh}00000009`)).rejects.toMatchObject({ code: 'rate-limited' });
});
