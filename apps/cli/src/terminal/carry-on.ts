import { CancelV1, ConfirmV1, VoidV1, type SettleReply } from '@couplet/contracts';
import type { Decision, Sale } from './book.ts';
import { pay } from './pay.ts';
import { receiptOf } from './receipt.ts';
import type { Outcome } from './steps.ts';
import type { Terminal } from './terminal.ts';

/**
 * Brings a sale to its end from wherever its journal has it: one that has just begun, or one that a dead terminal left.
 * Goods leave on `sold` alone: with `capture: on-confirm` that is the answer to confirm, never its sending.
 */
export async function carryOn(sale: Sale, terminal: Terminal): Promise<Outcome> {
  const outcome = await outcomeOf(sale, terminal);
  if (outcome !== 'open') await terminal.journal.write({ entry: 'ended', saleId: sale.saleId, outcome });
  terminal.tell({ step: 'ended', saleId: sale.saleId, outcome });
  return outcome;
}

async function outcomeOf(sale: Sale, terminal: Terminal): Promise<Outcome> {
  if (sale.decision === 'cancel') return undone(sale, 'cancelled', terminal);
  if (sale.decision === 'void') return undone(sale, 'voided', terminal);
  const payment = await pay(sale, terminal);
  switch (payment.kind) {
    case 'declined':
      return 'declined';
    case 'refused': // Nothing was taken for this request; a cancel makes sure that no earlier try of it is.
      return undone(await decided(sale, 'cancel', terminal), 'refused', terminal);
    case 'gave-up':
      return undone(await decided(payment.sale, 'cancel', terminal), 'cancelled', terminal);
    case 'paid':
      return concluded(payment.sale, payment.approvals, terminal);
  }
}

async function concluded(
  sale: Sale,
  approvals: readonly SettleReply[],
  terminal: Terminal,
): Promise<Outcome> {
  if (approvals.some(({ confirmBy }) => confirmBy !== undefined)) {
    const decision = sale.decision ?? (await terminal.decide(sale, approvals));
    const withDecision = await decided(sale, decision, terminal);
    if (decision === 'void') return undone(withDecision, 'voided', terminal);
    const confirmed = await confirm(approvals, terminal);
    if (confirmed === 'silence') return 'open';
    // What one card did not pay, no other card shall pay alone.
    if (confirmed === 'voided') return undone(await decided(sale, 'cancel', terminal), 'voided', terminal);
    terminal.reached('terminal.after-confirm');
  }
  await terminal.print(receiptOf(sale, approvals));
  terminal.reached('terminal.after-receipt');
  return 'sold';
}

async function confirm(
  approvals: readonly SettleReply[],
  { link, tell }: Terminal,
): Promise<'confirmed' | 'voided' | 'silence'> {
  for (const { attemptId } of approvals) {
    const onWait = (tries: number) => tell({ step: 'waiting', id: attemptId, verb: 'confirm', tries });
    const answer = await link.ask(ConfirmV1, { attemptId }, { onWait });
    if (answer.kind === 'silence') return 'silence';
    if (answer.kind === 'refused' || answer.reply.outcome === 'voided') return 'voided';
  }
  return 'confirmed';
}

/** Undoes every attempt, the last first, and does not rest before each is acknowledged: then a new sale may begin. */
async function undone(sale: Sale, outcome: Outcome, terminal: Terminal): Promise<Outcome> {
  for (const { attemptId } of [...sale.attempts].reverse()) {
    const onWait = (tries: number) =>
      terminal.tell({ step: 'waiting', id: attemptId, verb: 'cancel', tries });
    if (sale.decision === 'void') {
      const voiding = await terminal.link.ask(VoidV1, { attemptId }, { onWait });
      if (voiding.kind === 'reply' && voiding.reply.outcome === 'voided') continue;
    }
    const answer = await terminal.link.ask(CancelV1, { attemptId }, { onWait });
    if (answer.kind === 'reply') continue;
    if (answer.kind === 'refused') {
      const { code, message } = answer.problem;
      terminal.tell({ step: 'refused', verb: 'cancel', code, detail: message });
    }
    return 'open';
  }
  return outcome;
}

/** The decision, on disk before anything of it is on the wire. */
export async function decided(
  sale: Sale,
  decision: Decision,
  { journal, tell, reached }: Terminal,
): Promise<Sale> {
  if (sale.decision === decision) return sale;
  await journal.write({ entry: 'decided', saleId: sale.saleId, decision });
  tell({ step: 'decided', saleId: sale.saleId, decision });
  reached('terminal.after-decision');
  return { ...sale, decision };
}
