import { SettleV1, StatusV1, type SettleReply } from '@couplet/contracts';
import { attemptOf, requestOf } from './attempt.ts';
import type { Attempt, Sale } from './book.ts';
import type { Terminal } from './terminal.ts';

export type Payment =
  /** Approved, with one approval for each card; what no card paid is due in cash. */
  | { readonly kind: 'paid'; readonly sale: Sale; readonly approvals: readonly SettleReply[] }
  | { readonly kind: 'declined' | 'refused' }
  /** Unanswered, or neither paid in full nor to be paid in cash: every attempt has to be undone. */
  | { readonly kind: 'gave-up'; readonly sale: Sale };

/** Has a sale paid: by its first card, and by further cards as long as something is due. */
export async function pay(begun: Sale, terminal: Terminal): Promise<Payment> {
  const approvals: SettleReply[] = [];
  for (let sale = begun, index = 0; ; index += 1) {
    const told = await answerTo(sale.attempts[index]!, index, terminal);
    terminal.reached('terminal.after-answer');
    if (told === 'unknown') return { kind: 'gave-up', sale };
    if (typeof told === 'object') approvals.push(told);
    else if (approvals.length === 0) return { kind: told };

    const { amountDue = 0n, currency, attemptId } = approvals.at(-1)!;
    if (amountDue === 0n) return { kind: 'paid', sale, approvals };
    const knownNext = sale.attempts[index + 1];
    const next = knownNext ?? nextAttempt(sale, attemptId, amountDue, terminal);
    const by = next ? 'card' : sale.due === 'cash' ? 'cash' : 'nobody';
    terminal.tell({ step: 'due', amount: amountDue, currency, by });
    if (!next) return by === 'cash' ? { kind: 'paid', sale, approvals } : { kind: 'gave-up', sale };
    if (!knownNext) sale = await continued(sale, next, terminal);
  }
}

/** One request carries card and media: the relay authorizes and searches at the same time (seed 000, claims 9 and 19). */
async function answerTo(
  attempt: Attempt,
  index: number,
  terminal: Terminal,
): Promise<SettleReply | 'declined' | 'refused' | 'unknown'> {
  const { attemptId, tender } = attempt;
  const request = requestOf(attempt, index, terminal.cards);
  if (!request) return known(attempt, terminal);
  terminal.tell({ step: 'sent', attemptId, tender });
  const onWait = (tries: number) => terminal.tell({ step: 'waiting', id: attemptId, verb: 'settle', tries });
  const answer = await terminal.link.ask(SettleV1, request, { onWait });
  switch (answer.kind) {
    case 'silence':
      return 'unknown';
    case 'reply':
      return outcomeIn(answer.reply, attemptId, terminal);
    case 'refused': {
      const { code, message } = answer.problem;
      // The attempt is known with another card than the one that was shown now.
      if (code === 'attempt-conflict') return known(attempt, terminal);
      terminal.tell({ step: 'refused', verb: 'settle', code, detail: message });
      return 'refused';
    }
  }
}

/** What became of an attempt that cannot be sent again, for want of the card's number. Asking decides nothing. */
async function known(
  { attemptId }: Attempt,
  terminal: Terminal,
): Promise<SettleReply | 'declined' | 'unknown'> {
  const answer = await terminal.link.ask(
    StatusV1,
    { attemptId },
    {
      enough: ({ state }) => state !== 'started',
      onWait: (tries) => terminal.tell({ step: 'waiting', id: attemptId, verb: 'status', tries }),
    },
  );
  // What is not known there may still be on its way, so it has to be cancelled.
  if (answer.kind !== 'reply' || answer.reply.state === 'unknown') return 'unknown';
  return outcomeIn(answer.reply.reply, attemptId, terminal);
}

function outcomeIn(
  reply: SettleReply | undefined,
  attemptId: string,
  { tell }: Terminal,
): SettleReply | 'declined' {
  if (reply?.outcome === 'approved') {
    tell({ step: 'approved', reply });
    return reply;
  }
  tell({ step: 'declined', attemptId, reason: reply?.declineReason ?? 'cancelled' });
  return 'declined';
}

/** The next card pays what is due: coupons were searched already, and undoing the sale undoes this too. */
function nextAttempt(
  { attempts }: Sale,
  continues: string,
  due: bigint,
  { cards, newId, now }: Terminal,
): Attempt | undefined {
  if (!cards?.tenders[attempts.length]) return undefined;
  const purchase = {
    ...attempts[0]!.body,
    attemptId: newId(),
    presentedAt: now().toISOString(),
    amount: Number(due),
    lines: [],
    continues,
  };
  return attemptOf(purchase, attempts.length, cards);
}

async function continued(sale: Sale, attempt: Attempt, { journal, reached }: Terminal): Promise<Sale> {
  await journal.write({ entry: 'continued', saleId: sale.saleId, attempt });
  reached('terminal.after-continue');
  return { ...sale, attempts: [...sale.attempts, attempt] };
}
