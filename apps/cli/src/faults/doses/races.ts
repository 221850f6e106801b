import type { OfferDraft } from '../../plan/offers.ts';
import type { SettleReply } from '../../replay/settled.ts';
import { untilOffersAreKnown } from '../../replay/until-offers-are-known.ts';
import type { DoseContext, Fault, Healing } from '../dose.ts';
import { pick } from '../random.ts';
import { DISCOUNT } from '../traffic/sales.ts';
import { Till } from '../traffic/till.ts';

const RACES_PER_SEED = 20;
const TERMINALS = 50;

/** Many who want the one same thing in the same moment. */
export const RACE_FAULTS: readonly Fault[] = [
  {
    name: 'race:coupon',
    row: 'two stores, one coupon, the same millisecond',
    seeds: 10,
    dosesPerSeed: RACES_PER_SEED,
    among: { phase: 'races', lane: 'all' },
    run: raceForCoupons,
  },
  {
    name: 'race:budget',
    row: 'two shoppers, the last unit of a budget',
    seeds: 10,
    dosesPerSeed: RACES_PER_SEED,
    among: { phase: 'races', lane: 'all' },
    run: raceForBudgets,
  },
  {
    name: 'race:attempt',
    row: `${TERMINALS} terminals with one attempt id`,
    seeds: 20,
    among: { phase: 'races', lane: 'all' },
    run: raceForOneAttempt,
  },
];

async function raceForCoupons({ system }: DoseContext): Promise<Healing> {
  const { shop } = system;
  const households = Array.from({ length: RACES_PER_SEED }, () => shop.newHousehold());
  await shop.register(households);
  await Promise.all(households.map((household) => shop.giveCoupon(household)));
  return race(
    system.tills,
    households.map((household) => ['301', '302'].map((storeId) => ({ ...shop.saleTo(household), storeId }))),
  );
}

async function raceForBudgets({ system, random }: DoseContext): Promise<Healing> {
  const { shop } = system;
  const oneMore: OfferDraft['conditions']['limits'] = pick(random, [{ uses: 1 }, { budget: DISCOUNT }]);
  const offerIds = await shop.newOffers(RACES_PER_SEED, oneMore);
  await untilOffersAreKnown(system.topology);
  const pairs = offerIds.map((offerId) => ({ offerId, pair: [shop.newHousehold(), shop.newHousehold()] }));
  await shop.register(pairs.flatMap(({ pair }) => pair));
  await Promise.all(
    pairs.flatMap(({ offerId, pair }) => pair.map((household) => shop.giveCoupon(household, { offerId }))),
  );
  return race(
    system.tills,
    pairs.map(({ pair }) => pair.map((household) => shop.saleTo(household))),
  );
}

/** All sales leave at once; of each race at most one has the discount, and one has it unless a search was late. */
async function race(
  tills: DoseContext['system']['tills'],
  races: readonly (readonly ConstructorParameters<typeof Till>[1][])[],
): Promise<Healing> {
  const begun = races.map((sales) => sales.map((sale) => new Till(tills, sale)));
  const replies = await Promise.all(begun.map((sales) => Promise.all(sales.map((till) => till.settle()))));
  const violations = replies.flatMap((ofRace) => {
    const won = ofRace.filter(({ discount }) => discount > 0n).length;
    const allKnew = ofRace.every(({ couponSearch }) => couponSearch === 'found' || couponSearch === 'none');
    const fair = won === 1 || (won === 0 && !allKnew);
    return fair ? [] : [`${won} of ${ofRace.length} won a race: ${ids(ofRace)}`];
  });
  const attemptIds = begun.flat().map(({ attemptId }) => attemptId);
  const cohort = { attemptIds, answers: Promise.resolve(replies.flat()) };
  return { healedAt: performance.now(), cohorts: [cohort], violations };
}

async function raceForOneAttempt({ system: { shop, tills } }: DoseContext): Promise<Healing> {
  const household = shop.newHousehold();
  await shop.register([household]);
  await shop.giveCoupon(household);
  const first = new Till(tills, shop.saleTo(household));
  const terminals = Array.from({ length: TERMINALS }, () => new Till(tills, first.body));
  const replies = await Promise.all(terminals.map((till) => till.settle()));
  const answers = new Set(replies.map((reply) => JSON.stringify(reply, (_, value: unknown) => shown(value))));
  return {
    healedAt: performance.now(),
    cohorts: [{ attemptIds: [first.attemptId], answers: Promise.resolve([replies[0]!]) }],
    violations:
      answers.size === 1 ? [] : [`one attempt had ${answers.size} answers: ${[...answers].join(' | ')}`],
  };
}

const ids = (replies: readonly SettleReply[]): string =>
  replies
    .map(({ settlementId, discount, couponSearch }) => `${settlementId} ${couponSearch} ${discount}`)
    .join(', ');
const shown = (value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);
