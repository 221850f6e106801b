import {
  type Gs1Coupon8110,
  type OfferTerms,
  parseGs1Coupon8110,
  promiseInGs1,
  termsOfGs1,
  writeGs1Coupon8110,
} from '@couplet/promotion';
import type { Unsayable, WrittenCode } from './written-code.ts';
import type { Draft } from './draft.ts';
import { datesOf } from './gs1-dates.ts';
import { unsaidOf } from './said-terms.ts';

/** AI (8110) holds so many digits. */
const DIGITS_MAX = 70;

/** @param like a string that names company, offer code, families and whatever else the offer does not know */
export function gs1CodeOf(
  { terms, conditions }: Pick<Draft, 'terms' | 'conditions'>,
  like: string,
): WrittenCode {
  const named = parseGs1Coupon8110(like);
  if ('error' in named) return { unsayable: [{ field: 'as.like', detail: named.error }] };
  const dates = datesOf(conditions, named.coupon);
  const promise = promiseInGs1(named.coupon, terms);
  const unsayable = [
    ...(promise ? unsaidIn(promise, terms) : noPromise(terms)),
    ...('unsayable' in dates ? dates.unsayable : []),
  ];
  if (terms.storeMatch && named.coupon.misc?.dontMultiplyFlag === '1') {
    unsayable.push({ field: 'terms.storeMatch', detail: 'the string forbids the store to add to it' });
  }
  if (unsayable.length > 0 || !promise || 'unsayable' in dates) return { unsayable };
  const code = writeGs1Coupon8110({ ...promise, ...dates });
  if (code.length <= DIGITS_MAX) return { code };
  const detail = `with what the offer promises it has ${code.length} digits, at most ${DIGITS_MAX}`;
  return { unsayable: [{ field: 'as.like', detail }] };
}

/** What the coupon, written and read again, says otherwise than the terms. */
function unsaidIn(promise: Gs1Coupon8110, terms: OfferTerms): Unsayable[] {
  const read = parseGs1Coupon8110(writeGs1Coupon8110(promise));
  if ('error' in read) {
    const field = read.error.includes('SAVE_VALUE') ? 'terms.reward' : 'terms.requires';
    return [{ field, detail: `has a number of more than 5 digits: ${read.error}` }];
  }
  const name = (gcp: string, family: string) => `${gcp} ${family}`;
  const shape = termsOfGs1(read.coupon, (gcp, family) => [name(gcp, family)]);
  if ('notExpressible' in shape) return [{ field: 'terms.reward', detail: shape.notExpressible }];
  const families = shape.terms.requires.map(({ productIds }) => productIds);
  // A family stands for the products of every set that it is in.
  const said = termsOfGs1(read.coupon, (gcp, family) =>
    terms.requires.flatMap(({ productIds }, set) =>
      families[set]?.includes(name(gcp, family)) ? productIds : [],
    ),
  );
  if ('notExpressible' in said) return [{ field: 'terms.reward', detail: said.notExpressible }];
  return unsaidOf(terms, said.terms);
}

/** Why AI (8110) has no way to say what the terms require and give. */
function noPromise({ requires, conditions = [], reward }: OfferTerms): Unsayable[] {
  const unsayable: Unsayable[] = [];
  const say = (field: string, detail: string) => unsayable.push({ field, detail });
  requires.forEach(({ measure }, at) => {
    if (measure && !['lb', 'kg'].includes(measure.unit))
      say(`terms.requires[${at}].measure.unit`, `AI (8110) weighs in lb or kg, not in ${measure.unit}`);
  });
  if (reward.kind === 'percent-off') {
    if (reward.rateBps % 100 !== 0)
      say('terms.reward.rateBps', 'AI (8110) says a percentage without decimals');
    if (reward.amountMax !== undefined)
      say('terms.reward.amountMax', 'AI (8110) has no limit for a percentage');
  } else if (reward.kind !== 'amount-off' && reward.kind !== 'free-item') {
    say(
      'terms.reward.kind',
      `AI (8110) takes an amount or a percentage off, or frees pieces, not ${reward.kind}`,
    );
  }
  if (unsayable.length > 0) return unsayable;
  const spends = conditions.filter(({ kind }) => kind === 'min-subtotal').length;
  say(
    'terms.requires',
    `${requires.length} sets and ${spends} sums to spend are required: the string is for other purchases`,
  );
  return unsayable;
}
