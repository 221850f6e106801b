import type { MediumKind, OfferConditions } from '@couplet/contracts';
import { OfferWindow } from './offer-window.ts';

/** Conditions of an offer, ready to be checked often. */
export interface Conditions {
  window: OfferWindow;
  purposes: ReadonlySet<string>;
  /** Absent: every store, any medium, any holder. */
  stores?: ReadonlySet<string>;
  mediumKinds?: ReadonlySet<MediumKind>;
  segments?: readonly (readonly [attribute: string, value: string][])[];
}

export function prepareConditions(conditions: OfferConditions): Conditions {
  const { purposes, stores, mediumKinds, segments } = conditions;
  return {
    window: new OfferWindow(conditions),
    purposes: new Set(purposes),
    ...(stores && { stores: new Set(stores) }),
    ...(mediumKinds && { mediumKinds: new Set(mediumKinds) }),
    ...(segments && { segments: segments.map((segment) => Object.entries(segment)) }),
  };
}

/** Where, when, for what, by whom and by which media coupons are presented. */
export interface Presentation {
  presentedAtMs: number;
  purpose: string;
  /** Absent in a search that names no store: then no offer is left out because of its stores, or of a store's clock. */
  storeId?: string | undefined;
  /** Of the store, where it is known. */
  timeZone?: string | undefined;
  /** Kinds of the media that this holder presents, not of all media presented. */
  mediumKinds: ReadonlySet<MediumKind>;
  /** Of this holder. */
  attributes: Readonly<Record<string, string>>;
}

export type Ineligibility =
  | 'not-valid-then'
  | 'store-time-zone-unknown'
  | 'purpose-differs'
  | 'store-differs'
  | 'medium-kind-differs'
  | 'holder-not-in-segment';

/** @returns why an offer may not be used at this presentation, whatever is in the basket; undefined when it may */
export function ineligibility(conditions: Conditions, presentation: Presentation): Ineligibility | undefined {
  return whenNot(conditions.window, presentation) ?? otherwise(conditions, presentation);
}

/** As {@link ineligibility}, as if the dates of the offer were always right. */
export function ineligibilityOnAnyDate(
  conditions: Conditions,
  presentation: Presentation,
): Ineligibility | undefined {
  const { presentedAtMs, timeZone } = presentation;
  return conditions.window.hoursAt(presentedAtMs, timeZone)
    ? otherwise(conditions, presentation)
    : 'not-valid-then';
}

function whenNot(
  window: OfferWindow,
  { presentedAtMs, storeId, timeZone }: Presentation,
): Ineligibility | undefined {
  if (!window.somewhereAt(presentedAtMs)) return 'not-valid-then';
  if (storeId === undefined) return undefined;
  switch (window.at(presentedAtMs, timeZone)) {
    case 'open':
      return undefined;
    case 'closed':
      return 'not-valid-then';
    case 'time-zone-unknown':
      return 'store-time-zone-unknown';
  }
}

function otherwise(
  { purposes, stores, mediumKinds, segments }: Conditions,
  presentation: Presentation,
): Ineligibility | undefined {
  const { purpose, storeId, attributes } = presentation;
  if (!purposes.has(purpose)) return 'purpose-differs';
  if (storeId !== undefined && stores && !stores.has(storeId)) return 'store-differs';
  if (mediumKinds && ![...presentation.mediumKinds].some((kind) => mediumKinds.has(kind))) {
    return 'medium-kind-differs';
  }
  const isIn = (segment: readonly [string, string][]) =>
    segment.every(([name, value]) => Object.hasOwn(attributes, name) && attributes[name] === value);
  return segments && !segments.some(isIn) ? 'holder-not-in-segment' : undefined;
}
