import type { Facts, JournalFact, NetworkFact } from './facts.ts';

/** What each side remembers of one settlement. */
export interface SettlementSides {
  till?: Facts['tills'][number] | undefined;
  journal?: JournalFact | undefined;
  network: readonly NetworkFact[];
  registry?: Facts['registry'][number] | undefined;
  analytics?: Facts['analytics'][number] | undefined;
  scan?: Facts['scans'][number] | undefined;
}

/** Puts together what the sides remember of each settlement that any of them knows. */
export function sidesBySettlement(facts: Facts): Map<string, SettlementSides> {
  const sides = new Map<string, SettlementSides & { network: NetworkFact[] }>();
  const of = (settlementId: string) => {
    const known = sides.get(settlementId) ?? { network: [] };
    sides.set(settlementId, known);
    return known;
  };
  for (const fact of facts.tills) of(fact.settlementId).till = fact;
  for (const fact of facts.journal) of(fact.settlementId).journal = fact;
  for (const fact of facts.network) of(fact.settlementId).network.push(fact);
  for (const fact of facts.registry) of(fact.settlementId).registry = fact;
  for (const fact of facts.analytics) of(fact.settlementId).analytics = fact;
  for (const fact of facts.scans) of(fact.settlementId).scan = fact;
  return sides;
}
