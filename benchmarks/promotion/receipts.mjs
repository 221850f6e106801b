/**
 * How often the best deal is proven on real receipts: each with the twelve coupons that fit it best, of the coupons of
 * all campaigns that touch it. What a code in the data does not say (the retailer's own coupons have no value in them) is
 * varied by hand.
 *
 *     node benchmarks/promotion/receipts.mjs --data DIR [--only KIND] [--lines receipt|household] [--solver-ms N]
 *
 * With --solver-ms, what the searches do not prove is given to the solver of @couplet/best-deal for so long, as a thread of the registry does.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseArgs } from 'node:util';

const { evaluate } = await import(process.env['PROMOTION'] ?? '../../libs/promotion/dist/index.js');
const text = { type: 'string' };
const {
  data,
  only,
  lines: onlyLines,
  'solver-ms': solverMs,
} = parseArgs({ options: { data: text, only: text, lines: text, 'solver-ms': text } }).values;
if (!data) throw new Error('give --data DIR: a folder with transactions_sample.csv.gz and coupons.csv.gz');
const solve =
  solverMs &&
  (await (await import('../../libs/best-deal/dist/index.js')).integerSolver(() => Number(solverMs)));

const COUPONS_MAX = 12;
const LINES_MAX = 60;
const couponsByProduct = new Map();
const productsByCoupon = new Map();
for (const { coupon_upc: code, product_id: product } of rowsOf('coupons.csv.gz')) {
  add(couponsByProduct, product, code);
  add(productsByCoupon, code, product);
}
const termsByOffer = new Map();
const receipts = new Map();
const households = new Map();
for (const row of rowsOf('transactions_sample.csv.gz')) {
  for (const [carts, key] of [
    [receipts, row.basket_id],
    [households, row.household_id],
  ]) {
    const lines = carts.get(key) ?? [];
    if (lines.length < LINES_MAX) lines.push(lineOf(row, lines.length));
    carts.set(key, lines);
  }
}

const amount = (n) => ({ kind: 'amount-off', amount: BigInt(25 + 25 * (n % 7)) });
const percent = (n) => ({ kind: 'percent-off', rateBps: 1_000 + 500 * (n % 7) });
const fixedPrice = (n, pieces) => ({ kind: 'fixed-price', amount: BigInt(pieces * (100 + 25 * (n % 7))) });
const free = () => ({ kind: 'free-item', quantity: 1 });
const plain = [amount, percent, fixedPrice, free];
const match = (n, pieces) => ({ party: 'store', upToTotal: BigInt(pieces * (100 + 50 * (n % 5))) });
const budget = (n, pieces) => ({ kind: 'spend', used: 0n, limit: BigInt(pieces * (50 + 25 * (n % 5))) });

/** Per kind what coupon n has beside the set of products that it requires. */
const KINDS = {
  amounts: (n) => ({ reward: amount(n) }),
  percentages: (n) => ({ reward: percent(n) }),
  'fixed prices': (...of) => ({ reward: fixedPrice(...of) }),
  'cheapest free': () => ({ reward: free() }),
  'all of these': (n, pieces) => ({ reward: plain[n % 4](n, pieces) }),
  'percent, max': (n, pieces) => ({
    reward: { ...percent(n), amountMax: BigInt(pieces * (50 + 25 * (n % 5))) },
  }),
  'percent, match': (...of) => ({ reward: percent(...of), storeMatch: match(...of) }),
  'price, match': (...of) => ({ reward: fixedPrice(...of), storeMatch: match(...of) }),
  'percent, budget': (...of) => ({ reward: percent(...of), budget: budget(...of) }),
  'price, budget': (...of) => ({ reward: fixedPrice(...of), budget: budget(...of) }),
  'percent + amount': (n) => ({ reward: { kind: 'several', rewards: [percent(n), amount(n)] } }),
  'free of two sets': () => ({ reward: free(), sets: 2 }),
};

console.log(
  'lines of            rewards          pieces  baskets  proven  worst miss    p50 ms    p99 ms    max ms',
);
for (const [name, carts] of [
  ['a receipt', receipts],
  ['a household (60)', households],
]) {
  if (onlyLines && !name.includes(onlyLines)) continue;
  for (const [kind, restOf] of Object.entries(KINDS)) {
    if (only && kind !== only) continue;
    for (const pieces of [1, 2, 3, 4])
      report(name, kind, pieces, measure([...carts.values()], restOf, pieces));
  }
}

function measure(carts, restOf, pieces) {
  termsByOffer.clear(); // Those of another kind, with all that was prepared for them, would fill the memory.
  const results = [];
  for (const lines of carts) {
    const codes = bestFitting(lines).map(([code]) => code);
    if (codes.length < 2) continue;
    const coupons = codes.map((code, n) => couponOf([code, codes.at(n - 1)], restOf(n, pieces), pieces));
    const began = performance.now();
    const { discount, missedAtMost } = evaluate({ currency: 'USD', lines }, coupons, { solve });
    results.push({
      ms: performance.now() - began,
      missed: Number(missedAtMost) / Math.max(1, Number(discount)),
    });
  }
  return results;
}

/** Codes by the lines they touch, most first. */
function bestFitting(lines) {
  const touched = new Map();
  for (const { productId } of lines) {
    for (const code of couponsByProduct.get(productId) ?? []) touched.set(code, (touched.get(code) ?? 0) + 1);
  }
  return [...touched].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1)).slice(0, COUPONS_MAX);
}

/** @param codes of the products of its set, and of its second set where it has one */
function couponOf(codes, { reward, storeMatch, budget, sets = 1 }, pieces) {
  const [code] = codes;
  const json = (value) => JSON.stringify(value, (_key, one) => (typeof one === 'bigint' ? String(one) : one));
  const offerId = `${codes.slice(0, sets).join('+')} ${pieces} ${json([reward, storeMatch, budget])}`;
  let terms = termsByOffer.get(offerId);
  if (!terms) {
    const requires = codes.slice(0, sets).map((each, nth) => ({
      productIds: [...productsByCoupon.get(each)],
      quantity: nth === 0 ? pieces : 1,
    }));
    terms = {
      currency: 'USD',
      requires,
      reward,
      storeMatch,
      funding: [{ party: 'issuer', shareBps: 10_000 }],
    };
    termsByOffer.set(offerId, terms);
  }
  return { couponId: code, offerId, terms, budget };
}

function lineOf({ product_id: productId, quantity, sales_value: paid, coupon_match_disc: match }, n) {
  const amount = BigInt(Math.round((Number(paid) + Number(match)) * 100));
  const pieces = Math.min(Math.round(Number(quantity)), 1_000); // Fuel is counted in thousandths.
  return { lineId: `${n}`, productId, quantity: `${pieces}`, unit: 'each', amount, discountable: true };
}

function report(name, kind, pieces, results) {
  const ms = results.map((one) => one.ms).sort((a, b) => a - b);
  const at = (share) => ms[Math.min(ms.length - 1, Math.floor(ms.length * share))].toFixed(1).padStart(9);
  const share = results.filter(({ missed }) => missed === 0).length / results.length;
  const proven = share === 1 ? 'all' : `${(Math.floor(1_000 * share) / 10).toFixed(1)} %`;
  const worst = `${(100 * Math.max(...results.map(({ missed }) => missed))).toFixed(2)} %`;
  const cells = [name.padEnd(19), kind.padEnd(16), `${pieces}`.padStart(6), `${results.length}`.padStart(8)];
  console.log([...cells, proven.padStart(7), worst.padStart(11), at(0.5), at(0.99), at(1)].join(' '));
}

function* rowsOf(file) {
  const [header, ...lines] = gunzipSync(readFileSync(path.join(data, file)))
    .toString()
    .trim()
    .split('\n');
  const names = header.split(',');
  for (const line of lines) {
    const cells = line.split(',');
    yield Object.fromEntries(names.map((name, n) => [name, cells[n]]));
  }
}

function add(sets, key, value) {
  const set = sets.get(key);
  if (set) set.add(value);
  else sets.set(key, new Set([value]));
}
