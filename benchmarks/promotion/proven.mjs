/**
 * How often the best deal is proven to be the best: 12 coupons that compete on 60 lines, by kind of reward, pieces
 * required and how much the sets of products overlap. A share that is not 100 % is told with what was missed at most.
 *
 *     node benchmarks/promotion/proven.mjs [SEEDS] [KIND] [PIECES] [SOLVER_MS]
 *
 * With SOLVER_MS, what the searches do not prove is given to the solver of @couplet/best-deal for so long, as a thread of the registry does.
 */
const { evaluate } = await import(process.env['PROMOTION'] ?? '../../libs/promotion/dist/index.js');

const COUPONS = 12;
const LINES = 60;
const OVERLAPS = [0.05, 0.1, 0.2, 0.35, 0.5, 0.75, 0.9, 1];
const [seeds = 20, onlyKind, onlyPieces, solverMs] = process.argv.slice(2);
const solve =
  solverMs &&
  (await (await import('../../libs/best-deal/dist/index.js')).integerSolver(() => Number(solverMs)));

const percent = (random) => ({ kind: 'percent-off', rateBps: 500 + 100 * Math.floor(random() * 46) });
const amount = (random, pieces) => ({
  kind: 'amount-off',
  amount: BigInt(25 + Math.floor(random() * 90) * pieces),
});
const fixedPrice = (random, pieces) => ({ kind: 'fixed-price', amount: about(random, pieces, 150, 400) });
const match = (random, pieces) => ({ party: 'store', upToTotal: about(random, pieces, 100, 300) });
const budget = (random, pieces) => ({ kind: 'spend', used: 0n, limit: about(random, pieces, 50, 150) });

/** Per kind what a coupon has beside the set of products that it requires. */
const KINDS = {
  amount: (...of) => ({ reward: amount(...of) }),
  percent: (...of) => ({ reward: percent(...of) }),
  'free cheapest': () => ({ reward: { kind: 'free-item', quantity: 1 } }),
  'fixed price': (...of) => ({ reward: fixedPrice(...of) }),
};
const plain = Object.values(KINDS);
KINDS.mixed = (random, pieces) => plain[Math.floor(random() * 4)](random, pieces);
Object.assign(KINDS, {
  'percent, max': (...of) => ({ reward: { ...percent(...of), amountMax: about(...of, 50, 150) } }),
  'percent, match': (...of) => ({ reward: percent(...of), storeMatch: match(...of) }),
  'price, match': (...of) => ({ reward: fixedPrice(...of), storeMatch: match(...of) }),
  'percent, budget': (...of) => ({ reward: percent(...of), budget: budget(...of) }),
  'price, budget': (...of) => ({ reward: fixedPrice(...of), budget: budget(...of) }),
  'percent + amount': (...of) => ({ reward: { kind: 'several', rewards: [percent(...of), amount(...of)] } }),
  'free of two sets': () => ({ reward: { kind: 'free-item', quantity: 1 }, sets: 2 }),
});

console.log('reward           pieces  overlap  proven  worst miss    p50 ms    p99 ms    max ms');
const all = [];
for (const [kind, restOf] of Object.entries(KINDS)) {
  if (onlyKind && kind !== onlyKind) continue;
  for (const pieces of onlyPieces ? [Number(onlyPieces)] : [1, 2, 3, 4]) {
    for (const overlap of OVERLAPS) {
      const results = Array.from({ length: Number(seeds) }, (_, seed) => run(restOf, pieces, overlap, seed));
      all.push(...results);
      report(kind, pieces, `${overlap * 100} %`, results);
    }
  }
}
report('all', '', '', all);

function run(restOf, pieces, overlap, seed) {
  const random = randomOf(seed * 7919 + pieces * 101 + overlap * 1000);
  const lines = Array.from({ length: LINES }, (_, n) => ({
    lineId: `${n}`,
    productId: `p${n}`,
    quantity: '1',
    unit: 'each',
    amount: BigInt(100 + Math.floor(random() * 900)),
    discountable: true,
  }));
  const setOf = (quantity, n) => {
    const productIds = lines.map(({ productId }) => productId).filter(() => random() < overlap);
    while (productIds.length < quantity) productIds.push(`p${(n * 5 + productIds.length) % LINES}`);
    return { productIds: [...new Set(productIds)], quantity };
  };
  const coupons = Array.from({ length: COUPONS }, (_, n) => {
    const first = setOf(pieces, n);
    const { reward, storeMatch, budget, sets } = restOf(random, pieces);
    const requires = sets === 2 ? [first, setOf(1, n)] : [first];
    const funding = [{ party: 'issuer', shareBps: 10_000 }];
    return {
      couponId: `${n}`,
      offerId: `${n}`,
      terms: { currency: 'USD', requires, reward, storeMatch, funding },
      budget,
    };
  });
  const began = performance.now();
  const { discount, missedAtMost } = evaluate({ currency: 'USD', lines }, coupons, { solve });
  return {
    ms: performance.now() - began,
    discount,
    missed: Number(missedAtMost) / Math.max(1, Number(discount)),
  };
}

function report(kind, pieces, overlap, results) {
  const proven = results.filter(({ missed }) => missed === 0).length / results.length;
  const worst = Math.max(...results.map(({ missed }) => missed));
  const ms = results.map((one) => one.ms).sort((a, b) => a - b);
  const at = (share) => ms[Math.min(ms.length - 1, Math.floor(ms.length * share))].toFixed(1);
  const cells = [
    kind.padEnd(16),
    `${pieces}`.padStart(6),
    overlap.padStart(8),
    `${(proven * 100).toFixed(1)} %`.padStart(7),
  ];
  console.log(
    [
      ...cells,
      `${(worst * 100).toFixed(2)} %`.padStart(11),
      at(0.5).padStart(9),
      at(0.99).padStart(9),
      at(1).padStart(9),
    ].join(' '),
  );
}

/** For each piece from the least on, up to so much more. */
function about(random, pieces, least, more) {
  return BigInt(pieces * (least + Math.floor(random() * more)));
}

/** Mulberry32: the same baskets on every machine. */
function randomOf(seed) {
  let state = Math.floor(seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
