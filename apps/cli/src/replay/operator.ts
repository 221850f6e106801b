import { requestSubject, type RequestContract } from '@couplet/contracts';
import { z } from 'zod';
import type { NatsConnection } from '../topology/start-topology.ts';
import { askUntilAnswered, type AskOptions } from './ask.ts';

/** Asks services as the operator. */
export class Operator {
  constructor(
    private readonly connection: NatsConnection,
    private readonly options: AskOptions = {},
  ) {}

  /**
   * @param body in the types of the code; it goes out as the contract's JSON
   * @throws if the service refuses, or does not answer as long as there is patience (two minutes)
   */
  async ask<Request extends z.ZodType, Reply extends z.ZodType>(
    contract: RequestContract<Request, Reply>,
    body: z.output<Request>,
  ): Promise<z.output<Reply>> {
    const subject = requestSubject(contract, 'operator');
    const wire = z.encode(contract.request, body);
    const answer = await askUntilAnswered(this.connection, subject, wire, this.options);
    if (answer.kind === 'reply') return contract.reply.parse(answer.body);
    const what =
      answer.kind === 'silence'
        ? answer.reason
        : `${answer.problem.code}: ${answer.problem.detail} ${JSON.stringify(answer.problem.errors ?? '')}`;
    throw new Error(`${subject} was not answered as wanted: ${what}`);
  }
}
