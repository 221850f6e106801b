import type { Benefit, LineScope, MoneyOff, OfferTerms, PieceScope } from './terms.ts';
import { checkTerms } from './validate.ts';

/** Terms that are known to be valid, in the form that pricing wants. */
export interface PreparedOffer {
  terms: OfferTerms;
  requires: readonly PreparedSet[];
  /** Pieces that all sets together take at most; Infinity where a weight or an amount decides. */
  piecesMax: number;
  /** Rewards on the pieces taken; an offer that has them takes pieces. */
  onPieces: readonly PieceReward[];
  onLines: readonly LineReward[];
  benefit?: Benefit;
}

export interface PreparedSet {
  products: ReadonlySet<string>;
  quantity: number;
  quantityMax: number;
  measure?: { unit: string; atLeast: number };
  /** Minor units; zero where it does not matter. */
  spendMin: number;
}

export type PieceReward =
  | { kind: 'amount-off'; amount: bigint }
  | { kind: 'percent-off'; rateBps: number; amountMax?: bigint | undefined; on?: PieceScope | undefined }
  | { kind: 'fixed-price'; amount: bigint };

export type LineReward =
  | { kind: 'amount-off'; amount: bigint; on: LineScope }
  | { kind: 'percent-off'; rateBps: number; amountMax?: bigint | undefined; on: LineScope }
  | Extract<MoneyOff, { kind: 'buy-get' }>;

const ON_ORDER: LineScope = { kind: 'lines', target: 'order', allocation: 'across' };

const prepared = new WeakMap<OfferTerms, PreparedOffer>();

/**
 * Checks an offer and indexes its products, once per terms object and for as long as that lives.
 *
 * `evaluate` does it by itself. Whoever keeps offers in memory keeps the same object, and may call this
 * when an offer arrives, so that no till waits for it.
 *
 * @throws RangeError that says what is wrong with the terms
 */
export function prepareOffer(terms: OfferTerms): PreparedOffer {
  let offer = prepared.get(terms);
  if (!offer) {
    checkTerms(terms);
    offer = prepare(terms);
    prepared.set(terms, offer);
  }
  return offer;
}

function prepare(terms: OfferTerms): PreparedOffer {
  const { reward, requires } = terms;
  const onPieces: PieceReward[] = [];
  const onLines: LineReward[] = [];
  let benefit: Benefit | undefined;
  for (const one of reward.kind === 'several' ? reward.rewards : [reward]) {
    if (one.kind === 'benefit') benefit = one.benefit;
    else if (requires.length > 0 && !isOnLines(one)) onPieces.push(pieceReward(one));
    else onLines.push(lineReward(one));
  }
  const sets = requires.map(({ productIds, quantity, quantityMax, measure, spendMin }) => ({
    products: new Set(productIds),
    quantity,
    quantityMax: Math.max(quantity, quantityMax ?? quantity),
    spendMin: Number(spendMin ?? 0n),
    ...(measure && { measure: { unit: measure.unit, atLeast: Number(measure.atLeast) } }),
  }));
  const bounded = sets.every(({ measure, spendMin }) => !measure && spendMin === 0);
  const piecesMax = bounded ? sets.reduce((pieces, { quantityMax }) => pieces + quantityMax, 0) : Infinity;
  return { terms, requires: sets, piecesMax, onPieces, onLines, ...(benefit && { benefit }) };
}

/** Whether a reward is on lines as they are in the basket, and not on pieces that the offer takes. */
export function isOnLines(reward: MoneyOff): boolean {
  return reward.kind === 'buy-get' || ('on' in reward && reward.on?.kind === 'lines');
}

function pieceReward(reward: MoneyOff): PieceReward {
  if (reward.kind !== 'free-item') return reward as PieceReward;
  return { kind: 'percent-off', rateBps: 10_000, on: { kind: 'cheapest', quantity: reward.quantity } };
}

function lineReward(reward: MoneyOff): LineReward {
  if (reward.kind !== 'free-item') return { on: ON_ORDER, ...reward } as LineReward;
  const on = { ...ON_ORDER, target: 'lines', allocation: 'once', quantityMax: reward.quantity } as const;
  return { kind: 'percent-off', rateBps: 10_000, on };
}
