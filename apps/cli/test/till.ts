import { randomUUID } from 'node:crypto';
import {
  CancelV1,
  ConfirmV1,
  requestSubject,
  SettleV1,
  VoidV1,
  type RequestContract,
} from '@couplet/contracts';
import { paymentCardOf } from '../src/plan/cards.ts';
import { pointCardOf } from '../src/plan/holders.ts';
import type { SettleBody } from '../src/plan/settle-request.ts';
import { askUntilAnswered } from '../src/replay/ask.ts';
import type { Settled } from '../src/replay/settled.ts';
import { RELAY } from '../src/topology/nats-users.ts';
import type { NatsConnection } from '../src/topology/start-topology.ts';

const PATIENT = { timeoutMs: 4_000, patienceMs: 60_000 };

/** One sale of one piece at a till that repeats every request until it is answered. */
export class Till {
  private readonly body: SettleBody;

  constructor(
    private readonly connection: NatsConnection,
    householdId: string,
    { productId, amount, presentedAt }: { productId: string; amount: number; presentedAt: string },
    capture: 'immediate' | 'on-confirm' = 'immediate',
  ) {
    this.body = {
      attemptId: randomUUID(),
      storeId: '301',
      terminalId: '1',
      presentedAt,
      payment: { kind: 'credit-card', id: paymentCardOf(householdId) },
      media: [pointCardOf(householdId)],
      purpose: 'purchase',
      currency: 'USD',
      amount,
      capture,
      lines: [{ lineId: '1', productId, quantity: '1', unit: 'each', amount, discountable: true }],
    };
  }

  /** @throws unless it is answered with a reply */
  async settle(): Promise<Settled['answer']> {
    return { kind: 'reply', reply: SettleV1.reply.parse(await this.ask(SettleV1, this.body)) };
  }

  confirm = (): Promise<unknown> => this.ask(ConfirmV1, { attemptId: this.body.attemptId });
  void = (): Promise<unknown> => this.ask(VoidV1, { attemptId: this.body.attemptId });
  cancel = (): Promise<unknown> => this.ask(CancelV1, { attemptId: this.body.attemptId });

  private async ask(contract: RequestContract, body: unknown): Promise<unknown> {
    const answer = await askUntilAnswered(this.connection, requestSubject(contract, RELAY), body, PATIENT);
    if (answer.kind === 'reply') return answer.body;
    throw new Error(`${contract.subject}: ${JSON.stringify(answer)}`);
  }
}
