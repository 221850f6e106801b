import { inDollars } from '../journey/dollars.ts';
import type { RecordedRow } from './recorded.ts';
import type { Report } from './report.ts';
import type { Timeline } from './timeline.ts';

const PARTIES_SHOWN = 8;
const ROWS_SHOWN = 12;
const DIFFERENCES_SHOWN = 10;

/** A report for people, in lines. */
export function showReport(report: Report): string[] {
  return [
    ...showTotals(report),
    '',
    ...showParties(report),
    '',
    ...(report.timeline ? [...showTimeline(report.timeline), ''] : []),
    ...showRecorded(report),
    '',
    ...showReconciliation(report),
  ];
}

function showTotals(report: Report): string[] {
  const { outcomes, couponSearch, latencyMs, imported } = report;
  return aligned([
    ['Mode', report.mode],
    ['Data', report.data],
    [
      'Imported',
      `${imported.products} products, ${imported.campaigns} campaigns, ${imported.offers} offers, ${imported.holders} holders with ${imported.media} media`,
    ],
    ['Left out', `${imported.offersLeftOut} coupons whose value is not in their code (--unencoded-value)`],
    ['Coupons acquired', String(report.couponsAcquired)],
    ['Baskets', String(report.baskets)],
    ['Outcomes', `${outcomes.approved} approved, ${outcomes.declined} declined, ${outcomes.failed} failed`],
    [
      'Coupon search',
      `${couponSearch.found} found, ${couponSearch.none} none, ${couponSearch.late} late, ${couponSearch.unavailable} unavailable`,
    ],
    ['Price before coupons', inDollars(report.originalAmount)],
    ['Discount', `${inDollars(report.discount)} by ${report.coupons} coupons`],
    [
      'Latency',
      `p50 ${latencyMs.p50 ?? '–'} ms, p99 ${latencyMs.p99 ?? '–'} ms (${report.concurrency} at once)`,
    ],
    ['Settlements per second', String(report.settlementsPerSecond ?? '–')],
    ...Object.entries(report.problems).map(([problem, count]) => [`Problem ${problem}`, String(count)]),
  ]);
}

function showParties({ discountByParty }: Report): string[] {
  const parties = Object.entries(discountByParty).sort(([, a], [, b]) => (a < b ? 1 : a > b ? -1 : 0));
  const rest = parties.slice(PARTIES_SHOWN).reduce((sum, [, amount]) => sum + amount, 0n);
  const rows = parties.slice(0, PARTIES_SHOWN).map(([party, amount]) => [`  ${party}`, inDollars(amount)]);
  if (parties.length > PARTIES_SHOWN)
    rows.push([`  ${parties.length - PARTIES_SHOWN} more`, inDollars(rest)]);
  return ['Discount by funding party', ...(rows.length > 0 ? aligned(rows) : ['  none'])];
}

function showTimeline({ settlementId, originalAmount, discount, steps, overlapMs }: Timeline): string[] {
  const paid = inDollars(originalAmount - discount);
  return [
    `One settlement on the wire: ${inDollars(originalAmount)} less ${inDollars(discount)} is ${paid} (${settlementId})`,
    ...steps.map(({ what, afterMs }) => `  ${afterMs.toFixed(2).padStart(9)} ms  ${what}`),
    `  Authorization and coupon search ran at the same time for ${overlapMs.toFixed(2)} ms.`,
  ];
}

function showRecorded({ recorded }: Report): string[] {
  const { matched, agree, causes, rows } = recorded;
  if (matched === 0) return ['Recorded redemptions that show on these receipts: none'];
  const percent = ((100 * agree) / matched).toFixed(1);
  const differing = rows.filter(({ cause }) => cause);
  return [
    `Recorded redemptions that show on these receipts: ${matched}, of which ${agree} agree to the cent (${percent} %)`,
    ...aligned(Object.entries(causes).map(([cause, count]) => [`  ${cause}`, String(count)])),
    ...(differing.length > 0
      ? aligned([
          ['  household', 'coupon', 'day', 'recorded', 'computed', 'cause'],
          ...differing.slice(0, ROWS_SHOWN).map(recordedRow),
        ])
      : []),
    ...(differing.length > ROWS_SHOWN
      ? [`  … and ${differing.length - ROWS_SHOWN} more; --report FILE has them all`]
      : []),
  ];
}

function recordedRow({
  householdId,
  couponUpc,
  campaignId,
  day,
  recorded,
  computed,
  cause,
}: RecordedRow): string[] {
  const both = ({ manufacturer, store }: RecordedRow['recorded']) =>
    `${inDollars(manufacturer)} + ${inDollars(store)}`;
  return [`  ${householdId}`, `${couponUpc}/${campaignId}`, day, both(recorded), both(computed), cause ?? ''];
}

function showReconciliation({ reconciliation: { settlements, underWay, differences } }: Report): string[] {
  const shown = differences.slice(0, DIFFERENCES_SHOWN).map(({ rule, settlementId, says }) => {
    const sides = Object.entries(says).map(([side, what]) => `${side}: ${what}`);
    return `  ${rule} (${settlementId})  ${sides.join(' · ')}`;
  });
  return [
    `Reconciliation of ${settlements} settlements (network = journal = registry = analytics): ${differences.length} differences`,
    ...underWay.map((what) => `  not at rest: ${what}`),
    ...shown,
    ...(differences.length > DIFFERENCES_SHOWN
      ? [`  … and ${differences.length - DIFFERENCES_SHOWN} more`]
      : []),
  ];
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows)
    row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}
