import type { Contender } from '../contender.ts';
import type { Outcome } from '../gift.ts';
import type { RunningLine } from '../lines/running-line.ts';
import type { Effort, Rules } from '../rules.ts';
import { assignUses } from './assign-uses.ts';
import type { Combination } from './best-combination.ts';
import { bestCombination } from './best-combination.ts';
import { competingGroups } from './competing-groups.ts';
import { handUses } from './hand-uses.ts';
import { inOrder } from './in-order.ts';
import { discountablePieces } from './pieces.ts';
import type { Pool } from './pools.ts';
import { poolPieces } from './pools.ts';
import type { TakenPieces } from './price.ts';
import { priceCoupon } from './price.ts';
import { solveUses } from './solve-uses.ts';
import { solveWays } from './solve-ways.ts';
import type { FoundWays, Request, Way } from './ways.ts';
import { STEPS_FOR_SOLVER, totalOf, waysOfAll } from './ways.ts';

/**
 * Hands the pieces of a basket out to the offers of one group: a piece serves one of them only, and an offer
 * discounts only the pieces it takes. So two pieces on a line can carry two coupons that require one each.
 */
export function compete(
  contenders: readonly Contender[],
  lines: readonly RunningLine[],
  rules: Rules,
): { outcomes: Outcome[]; missedAtMost: number } {
  const wanted = wantedBy(contenders, lines);
  if (rules.strategy === 'stacking') {
    const field = foundOf(wanted, rules);
    const { chosen, missedAtMost } = inOrder(field.affordable, capacityOf(field));
    return { outcomes: outcomesOf(field, contenders, chosen, rules), missedAtMost };
  }
  const { field, chosen, missedAtMost } = bestOf(wanted, rules);
  return { outcomes: outcomesOf(field, contenders, chosen, rules), missedAtMost };
}

/** Group by group: by values of pieces, and where those do not prove the best, by ways too. */
function bestOf(wanted: Wanted, rules: Rules): Combination & { field: Field } {
  const field: Field = { ...wanted, found: [], affordable: [] };
  const best: Combination = { chosen: [], missedAtMost: 0 };
  const positions = wanted.requests.map(({ demand }) => demand.flatMap(({ pools }) => pools));
  for (const { coupons: group } of competingGroups(positions)) {
    const ofGroup = {
      pools: wanted.pools,
      uses: group.map((use) => wanted.uses[use]!),
      requests: group.map((use) => wanted.requests[use]!),
    };
    const result = bestOfGroup(ofGroup, rules);
    group.forEach((use, at) => {
      best.chosen[use] = result.chosen[at];
      field.found[use] = result.found[at]!;
      field.affordable[use] = result.affordable[at]!;
    });
    best.missedAtMost += result.missedAtMost;
  }
  return { field, ...best };
}

/** What each use gets, what that comes to, and what no other choice exceeds. */
interface Deal {
  chosen: (Way | undefined)[];
  total: number;
  totalMax: number;
}

type GroupBest = Combination & Pick<Field, 'found' | 'affordable'>;

/** By searches of our own; what they do not prove, by a solver if there is one: over ways, and over pieces. */
function bestOfGroup(group: Wanted, rules: Rules): GroupBest {
  const best = searched(group, rules);
  const { uses, requests, pools } = group;
  const total = totalOf(best.chosen);
  let deal: Deal = { chosen: best.chosen, total, totalMax: total + best.missedAtMost };
  const solvers = [
    () =>
      solveWays(foundOf(group, rules, STEPS_FOR_SOLVER).affordable, capacityOf(group), deal.chosen, rules),
    () => solveUses(uses, requests, pools, deal.chosen, rules),
  ];
  for (const solve of solvers) {
    if (!rules.solve || rules.isOver() || deal.total === deal.totalMax) break;
    const solved = solve();
    if (solved) deal = betterOf(deal, solved);
  }
  return { ...best, chosen: deal.chosen, missedAtMost: deal.totalMax - deal.total };
}

/** The greater deal, and what neither says can be exceeded. */
function betterOf(known: Deal, other: Deal): Deal {
  const { chosen, total } = other.total > known.total ? other : known;
  return { chosen, total, totalMax: Math.max(total, Math.min(known.totalMax, other.totalMax)) };
}

/** By values of pieces; where that proves nothing, by ways; where these are too many, by what can be worth its price. */
function searched(group: Wanted, rules: Rules): GroupBest {
  const { uses, requests, pools } = group;
  const assigned = assignUses(uses, requests, pools, rules);
  if (assigned && (assigned.total === assigned.totalMax || assigned.endedEarly)) {
    const { chosen, total, totalMax } = assigned;
    const found = assigned.alone();
    return { chosen, missedAtMost: totalMax - total, found, affordable: found };
  }
  const field = foundOf(group, rules);
  let byWays = field.found.every(({ complete }) => complete) ? bestByWays(field, rules) : undefined;
  const isProven = byWays && byWays.total === byWays.totalMax;
  const byHands = isProven ? undefined : handUses(uses, requests, pools, rules);
  if (!byHands) byWays ??= bestByWays(field, rules);
  const tried = [byWays, byHands, assigned].filter((one) => one !== undefined);
  const { chosen, total } = tried.reduce((a, b) => (b.total > a.total ? b : a));
  const totalMax = tried.reduce((least, one) => Math.min(least, one.totalMax), Infinity);
  return { ...field, chosen, missedAtMost: totalMax - total };
}

function bestByWays(field: Field, effort: Effort): Deal {
  const { chosen, missedAtMost } = bestCombination(field.affordable, capacityOf(field), effort);
  const total = totalOf(chosen);
  return { chosen, total, totalMax: total + missedAtMost };
}

/** One entry per time that a coupon may apply, and what it asks of the pieces. */
interface Wanted {
  uses: Contender[];
  requests: Request[];
  pools: Pool[];
}

function wantedBy(contenders: readonly Contender[], lines: readonly RunningLine[], apart = false): Wanted {
  const uses = contenders.flatMap(usesOf);
  const { pools, demands } = poolPieces(discountablePieces(lines), uses, apart);
  return {
    uses,
    pools,
    requests: uses.map(({ offer }, position) => ({ offer, demand: demands[position]! })),
  };
}

function foundOf({ uses, pools, requests }: Wanted, rules: Rules, stepsMax?: number): Field {
  const found = waysOfAll(requests, pools, rules, stepsMax);
  return { uses, pools, found, affordable: found.map((ofUse, at) => withinBudget(ofUse, uses[at]!)) };
}

function capacityOf({ pools }: Pick<Field, 'pools'>): number[] {
  return pools.map(({ count }) => count);
}

/** Who wants which pieces, and in which ways. */
export interface Field {
  /** One entry per time that a coupon may apply. */
  uses: Contender[];
  pools: Pool[];
  found: FoundWays[];
  /** Those that the budget of their offer suffices for. */
  affordable: FoundWays[];
}

/** @param apart see `poolPieces` */
export function fieldOf(
  contenders: readonly Contender[],
  lines: readonly RunningLine[],
  rules: Rules,
  apart = false,
): Field {
  return foundOf(wantedBy(contenders, lines, apart), rules);
}

/** What comes of a choice of ways, for each contender. @param chosen per use */
export function outcomesOf(
  { uses, pools, found, affordable }: Field,
  contenders: readonly Contender[],
  chosen: readonly (Way | undefined)[],
  { dialect }: Rules,
): Outcome[] {
  const unused = pools.map(({ groups }) => groups.map((group) => ({ ...group })));
  return contenders.map((contender) => {
    const first = uses.indexOf(contender);
    const gifts = chosen
      .slice(first, first + (contender.offer.terms.usesPerBasket ?? 1))
      .flatMap((way) => (way ? priceCoupon(contender.offer, takePieces(way, unused), dialect) : []));
    return gifts.length > 0 ? gifts : whyNot(found[first]!, affordable[first]!);
  });
}

function usesOf(contender: Contender): Contender[] {
  return Array<Contender>(contender.offer.terms.usesPerBasket ?? 1).fill(contender);
}

function withinBudget(found: FoundWays, { coupon: { budget } }: Contender): FoundWays {
  if (budget?.kind !== 'spend') return found;
  const left = Number(budget.limit - budget.used);
  const ways = found.ways.filter(({ discount }) => discount <= left);
  const discountMax = found.complete ? (ways[0]?.discount ?? 0) : Math.min(found.discountMax, left);
  return { ...found, ways, discountMax };
}

function whyNot(found: FoundWays, affordable: FoundWays): Outcome {
  const gives = ({ ways }: FoundWays) => ways.some(({ discount }) => discount > 0);
  if (found.ways.length === 0) return 'required-quantity-missing';
  if (!gives(found)) return 'nothing-left-to-discount';
  return gives(affordable) ? 'beaten-by-better-coupon' : 'campaign-budget-exceeded';
}

/** Takes the pieces of a way out of the pools, front lines first. */
function takePieces(way: Way, unused: Pool['groups'][]): TakenPieces[] {
  return way.uses.flatMap(({ pool, count }) => {
    let missing = count;
    return unused[pool]!.flatMap((group) => {
      const taken = Math.min(group.count, missing);
      group.count -= taken;
      missing -= taken;
      return taken > 0 ? [{ ...group, count: taken }] : [];
    });
  });
}
