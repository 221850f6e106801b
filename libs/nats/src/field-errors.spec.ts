import { z } from 'zod';
import { fieldErrors } from './field-errors.ts';

const Schema = z.object({
  storeId: z.string(),
  lines: z.array(z.object({ amount: z.int(), tags: z.array(z.string()).optional() })),
  payment: z
    .union([z.object({ id: z.string(), pin: z.int() }), z.object({ reference: z.string() })])
    .optional(),
  action: z.discriminatedUnion('kind', [z.object({ kind: z.literal('delay'), delayMs: z.int() })]).optional(),
});

const errorsOf = (body: unknown) => fieldErrors(body, Schema.safeParse(body).error?.issues ?? []);

describe('fieldErrors', () => {
  it.each([
    ['a field that is not there', { lines: [] }, [{ field: 'storeId', detail: 'is missing' }]],
    [
      'a place in a list',
      { storeId: 's', lines: [{ amount: 1 }, { amount: 'x' }] },
      [{ field: 'lines[1].amount' }],
    ],
    [
      'a list in a list',
      { storeId: 's', lines: [{ amount: 1, tags: ['a', 2] }] },
      [{ field: 'lines[0].tags[1]' }],
    ],
    ['the body itself', 'text', [{ field: '(body)' }]],
    ['null', null, [{ field: '(body)' }]],
    [
      'the alternative that needs least',
      { storeId: 's', lines: [], payment: {} },
      [{ field: 'payment.reference', detail: 'is missing' }],
    ],
    [
      'an unknown alternative',
      { storeId: 's', lines: [], action: { kind: 'x' } },
      [{ field: 'action.kind' }],
    ],
    [
      'a field of an alternative',
      { storeId: 's', lines: [], action: { kind: 'delay' } },
      [{ field: 'action.delayMs', detail: 'is missing' }],
    ],
  ])('names %s', (_what, body, expected) => {
    const errors = errorsOf(body);
    expect(errors).toMatchObject(expected);
    expect(errors).toHaveLength(expected.length);
  });

  it('repeats no value of the body', () => {
    const card = '4111111111111111';
    const body = { storeId: Number(card), lines: card, payment: { id: [card] }, action: { kind: card } };
    expect(errorsOf(body).length).toBeGreaterThan(3);
    expect(JSON.stringify(errorsOf(body))).not.toContain(card);
  });
});
