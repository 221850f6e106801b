import type { OfflineTerminal } from './terminal.ts';

/** A sale begins only when the one before is known to be over: it may have been charged (protocol, flaw 24). */
export function mayBegin({ journal, tell }: OfflineTerminal): boolean {
  const [open] = [...journal.book.sales.keys(), ...journal.book.scans.keys()];
  if (open !== undefined) tell({ step: 'ended', saleId: open, outcome: 'open' });
  return open === undefined;
}
