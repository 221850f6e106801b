import { parseGs1Coupon8110, parseGs1Coupon8112 } from '@couplet/promotion';
import { z } from 'zod';
import type { CheckCase } from './case-file.ts';
import { NotExpressible, type Check } from './outcome.ts';
import { parseCase, refuseUnknown } from './parse-case.ts';

const Case = z.strictObject({
  given: z.strictObject({ ai: z.enum(['8110', '8112']), data: z.string() }),
});

export function runGs1(checkCase: CheckCase): Check[] {
  const { given } = parseCase(Case, checkCase);
  const { error, fields } = given.ai === '8110' ? read8110(given.data) : read8112(given.data);
  const { valid, error: errorExpected, fields: fieldsExpected, ...unknown } = checkCase.expected;
  refuseUnknown('expected', unknown);
  const checks: Check[] = [{ field: 'valid', expected: valid, got: error === undefined }];
  if (errorExpected !== undefined) checks.push({ field: 'error', expected: errorExpected, got: error });
  for (const [field, expected] of Object.entries((fieldsExpected ?? {}) as Record<string, unknown>)) {
    if (!(field in fields)) throw new NotExpressible(`expected.fields.${field} is not known`);
    checks.push({ field, expected, got: fields[field] ?? null });
  }
  return checks;
}

interface Read {
  error?: string;
  fields: Record<string, string | undefined>;
}

function read8110(data: string): Read {
  const read = parseGs1Coupon8110(data);
  if ('error' in read) return { error: read.error, fields: {} };
  const { gcp, offerCode, saveValue, primary, rulesCode, second, third, misc, ...rest } = read.coupon;
  return {
    fields: {
      gcp,
      offer_code: offerCode,
      save_value: saveValue,
      purchase_requirement: primary.requirement,
      purchase_requirement_code: primary.requirementCode,
      family_code: primary.familyCode,
      additional_purchase_rules_code: rulesCode,
      ...ofPurchase('second', second),
      ...ofPurchase('third', third),
      expiration: rest.expiration,
      start: rest.start,
      serial: rest.serial,
      retailer: rest.retailer,
      save_value_code: misc?.saveValueCode,
      applies_to_item: misc?.appliesToItem,
      store_coupon_flag: misc?.storeCouponFlag,
      dont_multiply_flag: misc?.dontMultiplyFlag,
    },
  };
}

function ofPurchase(
  ordinal: string,
  purchase: { requirement: string; requirementCode: string; familyCode: string; gcp?: string } | undefined,
): Record<string, string | undefined> {
  return {
    [`${ordinal}_purchase_requirement`]: purchase?.requirement,
    [`${ordinal}_purchase_requirement_code`]: purchase?.requirementCode,
    [`${ordinal}_family_code`]: purchase?.familyCode,
    [`${ordinal}_gcp`]: purchase?.gcp,
  };
}

function read8112(data: string): Read {
  const { coupon, error } = parseGs1Coupon8112(data);
  return {
    ...(error !== undefined && { error }),
    fields: {
      format: coupon?.format,
      funder_id: coupon?.funderId,
      offer_code: coupon?.offerCode,
      serial: coupon?.serial,
    },
  };
}
