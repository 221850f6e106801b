import { evaluate, type Evaluation } from '@couplet/promotion';
import type { DealSearch } from '../src/db/reserve.ts';
import type { Question } from '../src/domain/best-deal.ts';
import { Gathering, isFound } from './gathering.ts';
import { aHardReserve, aReserve, hardOffers } from './samples.ts';
import type { Holder, Stack } from './stack.ts';

let gathering: Gathering;
let stack: Stack;
let hard: Holder;
let easy: Holder;
beforeAll(async () => {
  gathering = await Gathering.start();
  ({ stack } = gathering);
}, 120_000);
beforeEach(async () => {
  const offers = await Promise.all(hardOffers().map((terms) => stack.offer({ terms })));
  [hard, easy] = [await stack.holder(...offers), await stack.holder(await stack.offer())];
});
afterAll(() => gathering.stop());

/** A search that waits until the test answers it. */
class HeldSearch implements DealSearch {
  asked = 0;
  /** Of the first search. */
  readonly question: Promise<Question>;
  private readonly found: Promise<Evaluation | undefined>;
  private wasAsked: (question: Question) => void = () => undefined;
  private wasFound: (found: Evaluation | undefined) => void = () => undefined;

  constructor() {
    this.question = new Promise((resolve) => (this.wasAsked = resolve));
    this.found = new Promise((resolve) => (this.wasFound = resolve));
  }

  find(question: Question): Promise<Evaluation | undefined> {
    this.asked++;
    this.wasAsked(question);
    return this.found;
  }

  end(found?: Evaluation): void {
    this.wasFound(found);
  }
}

it('answers others while one basket is searched, and then with the best deal', async () => {
  const request = aHardReserve({ media: [hard.point] });
  const order: string[] = [];
  const searching = stack.reserveAs(request).then((answer) => {
    order.push('hard');
    return answer;
  });
  const others = await Promise.all(Array.from({ length: 5 }, () => stack.reserve({ media: [easy.point] })));
  order.push('others');
  const answer = await searching;

  expect(order).toEqual(['others', 'hard']);
  expect(others.filter(isFound)).toHaveLength(1);
  const coupons = hardOffers().map((terms, n) => {
    const ids = { couponId: `${n}`, offerId: `${n}` };
    return { ...ids, terms: { currency: 'USD', funding: [{ party: 'store', shareBps: 10_000 }], ...terms } };
  });
  const { discount, missedAtMost } = evaluate(request, coupons);
  expect(missedAtMost).toBe(0n);
  expect(answer.discount).toBe(discount);
  expect(answer).not.toHaveProperty('missedAtMost');
  expect(await stack.reserveAs(request)).toEqual(answer);
  expect(await stack.unbalanced()).toEqual([]);
}, 60_000);

it('takes the others of a batch at once, and nothing for the basket that is searched', async () => {
  const search = new HeldSearch();
  const replica = gathering.replica(search);
  const reserved = replica.reserve([aHardReserve({ media: [hard.point] })]);
  const [other] = await replica.reserve([aReserve({ media: [easy.point] })]);

  expect(isFound(other!)).toBe(true);
  const question = await search.question;
  const before = await Promise.all(hard.couponIds.map((couponId) => stack.couponState(couponId)));
  expect(before.every(({ usesLeft, held }) => usesLeft === 1 && held === 0)).toBe(true);
  const found = evaluate(question.basket, question.coupons);
  search.end(found);
  const [answer] = await reserved;
  expect(answer!.discount).toBe(found.discount);
});

it('tells what it may have missed where the time was up, and a repeat the same', async () => {
  const search = new HeldSearch();
  const replica = gathering.replica(search);
  const request = aHardReserve({ media: [hard.point] });
  const reserved = replica.reserve([request]);
  const question = await search.question;
  search.end();
  const [answer] = await reserved;

  const best = evaluate(question.basket, question.coupons).discount;
  expect(isFound(answer!)).toBe(true);
  expect(answer!.missedAtMost).toBeGreaterThan(0n);
  expect(answer!.discount + answer!.missedAtMost!).toBeGreaterThanOrEqual(best);
  expect(await stack.reserveAs(request)).toEqual(answer);
}, 60_000);

it('prices again at once when another took a coupon during the search', async () => {
  const search = new HeldSearch();
  const replica = gathering.replica(search);
  const reserved = replica.reserve([aHardReserve({ media: [hard.point] })]);
  const question = await search.question;
  const [first] = await gathering.reserve([
    aReserve({ media: [hard.point], products: ['p0', 'p11', 'p22'] }),
  ]);
  search.end(evaluate(question.basket, question.coupons));
  const [answer] = await reserved;

  const taken = first!.coupons.map(({ couponId }) => couponId);
  expect(taken).toHaveLength(1);
  expect(answer!.coupons.map(({ couponId }) => couponId)).not.toContain(taken[0]);
  expect(answer!.coupons.length).toBeGreaterThan(5);
  expect(search.asked).toBe(1);
  expect(await stack.unbalanced()).toEqual([]);
});
