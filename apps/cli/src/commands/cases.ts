import { CloseCaseV1, ListCasesV1 } from '@couplet/contracts';
import { z } from 'zod';
import { DataError } from '../journey/data-error.ts';
import type { Operator } from '../replay/operator.ts';
import { inMajorUnits } from '../terminal/money.ts';
import { asOperator } from './as-operator.ts';
import type { CloseOptions } from './operator-options.ts';
import { table } from './table.ts';

type Case = z.output<typeof ListCasesV1.reply>['cases'][number];

const PAGE = 200;

/** @returns the exit code: 1 when a case is open */
export async function listCases({ json }: { json: boolean }): Promise<number> {
  const cases = await asOperator((operator) => allCases(operator));
  const lines = json ? cases.map(jsonOf) : cases.length > 0 ? tableOf(cases) : ['Nothing needs a person.'];
  for (const line of lines) console.log(line);
  return cases.length > 0 ? 1 : 0;
}

/**
 * @returns the exit code
 * @throws DataError if there is no such case
 */
export async function showCase(caseId: string, { json }: { json: boolean }): Promise<number> {
  const cases = await asOperator((operator) => allCases(operator));
  const found = cases.find((one) => one.caseId === caseId);
  if (!found) throw new DataError(`${caseId} is no open case.`);
  for (const line of json ? [jsonOf(found)] : factsOf(found)) console.log(line);
  return 0;
}

/**
 * @returns the exit code
 * @throws DataError if --as does not fit the action
 */
export async function closeCase(
  caseId: string,
  action: 'retry' | 'cancel' | 'settled',
  { as, by, note, json }: CloseOptions,
): Promise<number> {
  if ((action === 'settled') !== (as !== undefined)) {
    throw new DataError(`--as belongs to settled${action === 'settled' ? ', which needs it' : ' alone'}.`);
  }
  const request = { caseId, by, note, action: as ? { kind: 'settled' as const, as } : { kind: action } };
  const reply = await asOperator((operator) => operator.ask(CloseCaseV1, CloseCaseV1.request.parse(request)));
  console.log(
    json
      ? JSON.stringify(reply)
      : `The authorization is now ${reply.authorizationState}, the settlement ${reply.settlementState}.`,
  );
  return 0;
}

async function allCases(operator: Operator): Promise<Case[]> {
  const cases: Case[] = [];
  for (;;) {
    const after = cases.at(-1)?.caseId;
    const page = await operator.ask(ListCasesV1, { limit: PAGE, ...(after !== undefined && { after }) });
    cases.push(...page.cases);
    if (page.cases.length < PAGE) return cases;
  }
}

function tableOf(cases: readonly Case[]): string[] {
  const headings = ['Case', 'Since', 'Store', 'Held', 'To capture', 'State', 'Tries', 'Why', 'May be'];
  const rows = cases.map((one) => [
    one.caseId,
    one.since,
    one.storeId ?? '-',
    money(one, one.held),
    money(one, one.amount),
    `${one.settlementState}, ${one.authorizationState}`,
    String(one.tries),
    one.attention,
    one.actions.join(', '),
  ]);
  return table(headings, rows);
}

function factsOf(one: Case): string[] {
  const facts = [
    ['case', one.caseId],
    ['why', one.attention],
    ['since', `${one.since}, tried ${one.tries} times`],
    ['settlement', `${one.settlementId}, ${one.settlementState}`],
    ['authorization', one.authorizationState],
    ['held', money(one, one.held)],
    ['to capture', money(one, one.amount)],
    ['sale', `${one.attemptId} of ${one.relay}`],
    ['where', `store ${one.storeId ?? '-'}, terminal ${one.terminalId ?? '-'}`],
    ['may be', one.actions.join(', ')],
  ] as const;
  return facts.map(([fact, value]) => `${fact.padEnd(14)} ${value}`);
}

function money({ currency }: Case, amount: bigint): string {
  return currency ? `${inMajorUnits(amount, currency)} ${currency}` : String(amount);
}

function jsonOf(one: Case): string {
  return JSON.stringify(z.encode(ListCasesV1.reply, { cases: [one] }).cases[0]);
}
