import { AdviseV1, RefundSaleV1, type RequestContract } from '@couplet/contracts';
import { z } from 'zod';
import type { Message } from './book.ts';
import type { Terminal } from './terminal.ts';

export type Sender = Pick<Terminal, 'journal' | 'link' | 'tell'>;

const CONTRACTS: Record<Message['verb'], RequestContract> = { advise: AdviseV1, refund: RefundSaleV1 };

/** Writes a request down and repeats it until it is answered, after any crash (see {@link sendMessages}). */
export async function send(message: Message, sender: Sender): Promise<boolean> {
  await sender.journal.write({ entry: 'message', ...message });
  return deliver(message, sender);
}

/**
 * Sends what earlier runs left unanswered.
 *
 * @returns whether everything is answered now
 */
export async function sendMessages(sender: Sender): Promise<boolean> {
  let everything = true;
  for (const message of sender.journal.book.messages.values()) {
    everything = (await deliver(message, sender)) && everything;
  }
  return everything;
}

async function deliver(
  { messageId, saleId, verb, body }: Message,
  { journal, link, tell }: Sender,
): Promise<boolean> {
  const contract = CONTRACTS[verb];
  const onWait = (tries: number) => tell({ step: 'waiting', id: messageId, verb, tries });
  const answer = await link.ask(contract, contract.request.parse(body), { onWait });
  switch (answer.kind) {
    case 'silence':
      return false;
    case 'refused': {
      const { code, message } = answer.problem;
      tell({ step: 'refused', verb, code, detail: message });
      // Goods left on an offline approval: it stays here until somebody has seen to it.
      if (verb === 'refund') await journal.write({ entry: 'answered', messageId, answer: code });
      return false;
    }
    case 'reply':
      await journal.write({ entry: 'answered', messageId, answer: 'done' });
      tell({ step: 'answered', saleId, verb, reply: z.encode(contract.reply, answer.reply) });
      return true;
  }
}
