import { cpus } from 'node:os';
import { agree } from './agree.mjs';
import { bestDeal, coupletBasket, coupletCoupons, indexOf, piecesCoupons, stack } from './couplet.mjs';
import { medusaContext, medusaOf } from './medusa.mjs';
import { basketOf, promotionsOf } from './scenarios.mjs';
import { perSecond } from './per-second.mjs';

const OFFERS = [1, 5, 12];
const LINES = [1, 10, 60];
const HELD = [10, 100, 1_000];
const PRODUCTS_EACH = 10_000;

export async function compare() {
  console.log(`Node ${process.version}, ${cpus().length} × ${cpus()[0].model}`);
  console.log(`The same totals on ${await agree(OFFERS, LINES)} cases, then timed:`);
  console.log(
    '\nEvaluations per second of processor time. Stacking: the same promotions one after the other, in both. Best deal: those on\n' +
      "products as coupons that take pieces, the best combination sought; Medusa has no such thing.\nMedusa's database query is answered from memory.\n",
  );
  await warmUp();
  row(['offers', 'lines', 'Couplet stacking', 'Medusa', 'times', 'Couplet best deal', 'may miss']);
  for (const offers of OFFERS) for (const lines of LINES) await compareOne(offers, lines);
  await growth();
}

/** Whatever is timed has first seen the same work, so that the first row is neither better nor worse than the last. */
async function warmUp() {
  const promotions = promotionsOf(12, 10);
  const basket = coupletBasket(basketOf(10));
  const coupons = coupletCoupons(promotions);
  const pieces = piecesCoupons(promotions);
  const medusa = medusaOf(promotions);
  const context = medusaContext(basketOf(10));
  for (const run of [() => stack(basket, coupons), () => medusa(context), () => bestDeal(basket, pieces)])
    await perSecond(run);
}

async function compareOne(offers, lines) {
  const promotions = promotionsOf(offers, lines);
  const basket = coupletBasket(basketOf(lines));
  const coupons = coupletCoupons(promotions);
  const pieces = piecesCoupons(promotions);
  const medusa = medusaOf(promotions);
  const context = medusaContext(basketOf(lines));
  const couplet = await perSecond(() => stack(basket, coupons));
  const theirs = await perSecond(() => medusa(context));
  const best = await perSecond(() => bestDeal(basket, pieces));
  const { missedAtMost } = bestDeal(basket, pieces);
  row([offers, lines, couplet, theirs, (couplet / theirs).toFixed(1), best, `${missedAtMost}`]);
}

/**
 * Ten lines, five coupons that touch them, and more and more that do not; each is for 10,000 products. Each way has the
 * memory for itself: the collector's work grows with all that is held, whoever holds it.
 */
async function growth() {
  console.log(
    `\nHeld coupons, each for ${PRODUCTS_EACH} products, five of which touch a basket of ten lines:\n`,
  );
  row(['held', 'Couplet, by index', 'Couplet, all given', 'Medusa']);
  for (const held of HELD) {
    row([
      held,
      await perSecond(byIndex(heldPromotions(held))),
      await perSecond(allGiven(heldPromotions(held))),
      await perSecond(byMedusa(heldPromotions(held))),
    ]);
  }
}

function byIndex(promotions) {
  const basket = coupletBasket(basketOf(10));
  const index = indexOf(piecesCoupons(promotions));
  return () => bestDeal(basket, index.touching(basket));
}

function allGiven(promotions) {
  const basket = coupletBasket(basketOf(10));
  const coupons = piecesCoupons(promotions);
  return () => bestDeal(basket, coupons);
}

function byMedusa(promotions) {
  const context = medusaContext(basketOf(10));
  const medusa = medusaOf(promotions);
  return () => medusa(context);
}

function heldPromotions(held) {
  const elsewhere = Array.from({ length: PRODUCTS_EACH }, (_, n) => `other-${n}`);
  const here = [...elsewhere.slice(0, -10), ...basketOf(10).map(({ id }) => id)];
  return Array.from({ length: held }, (_, n) => ({
    code: `H${n}`,
    kind: n % 2 === 0 ? 'percent' : 'amount',
    on: n % 2 === 0 ? 'products' : 'each-piece',
    value: n % 2 === 0 ? 10 : 50,
    products: n % Math.ceil(held / 5) === 0 ? here : elsewhere,
  }));
}

function row(cells) {
  console.log(cells.map((cell) => format(cell).padStart(19)).join(''));
}

function format(cell) {
  if (typeof cell !== 'number' || cell === 0) return `${cell}`;
  return cell < 10 && !Number.isInteger(cell)
    ? cell.toPrecision(2)
    : Math.round(cell).toLocaleString('en-US');
}
