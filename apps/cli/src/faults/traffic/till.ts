import { randomUUID } from 'node:crypto';
import {
  CancelV1,
  ConfirmV1,
  RefundSaleV1,
  requestSubject,
  SettleV1,
  VoidV1,
  type RequestContract,
} from '@couplet/contracts';
import type { SettleBody } from '../../plan/settle-request.ts';
import { askUntilAnswered } from '../../replay/ask.ts';
import type { SettleReply } from '../../replay/settled.ts';
import { RELAY } from '../../topology/nats-users.ts';
import type { NatsConnection } from '../../topology/start-topology.ts';

/** Longer than any fault lasts: a till asks again until it knows. */
const PATIENT = { timeoutMs: 3_000, patienceMs: 150_000 };

/** One sale at a till that repeats every request until it is answered. */
export class Till {
  readonly body: SettleBody;

  constructor(
    private readonly connection: NatsConnection,
    sale: Omit<SettleBody, 'attemptId'>,
  ) {
    this.body = { attemptId: randomUUID(), ...sale };
  }

  get attemptId(): string {
    return this.body.attemptId;
  }

  /** @throws unless it is answered with a reply */
  async settle(): Promise<SettleReply> {
    return SettleV1.reply.parse(await this.ask(SettleV1, this.body));
  }

  confirm = (): Promise<unknown> => this.ask(ConfirmV1, { attemptId: this.attemptId });
  void = (): Promise<unknown> => this.ask(VoidV1, { attemptId: this.attemptId });
  cancel = (): Promise<unknown> => this.ask(CancelV1, { attemptId: this.attemptId });

  /** The till of what is still due, paid by another card. */
  continuedBy(card: string, due: bigint): Till {
    const { storeId, terminalId, presentedAt, purpose, currency } = this.body;
    const payment = { kind: 'credit-card' as const, id: card };
    const sale = { storeId, terminalId, presentedAt, purpose, currency, payment, amount: Number(due) };
    return new Till(this.connection, { ...sale, continues: this.attemptId });
  }

  /** Everything that was not given back yet, or one piece of the line. */
  refund(quantity?: string): Promise<unknown> {
    const lines = quantity === undefined ? undefined : [{ lineId: this.body.lines![0]!.lineId, quantity }];
    return this.ask(RefundSaleV1, { attemptId: this.attemptId, refundId: randomUUID(), lines });
  }

  private async ask(contract: RequestContract, body: unknown): Promise<unknown> {
    const answer = await askUntilAnswered(this.connection, requestSubject(contract, RELAY), body, PATIENT);
    if (answer.kind === 'reply') return answer.body;
    throw new Error(`${contract.subject} was not answered: ${JSON.stringify(answer)}`);
  }
}
