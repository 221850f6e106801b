import { connectNats } from '@couplet/nats';
import { Operator } from '../replay/operator.ts';
import { natsAccess } from './nats-access.ts';

/**
 * Asks services as the operator.
 *
 * @throws ConfigError if the environment does not say where NATS is
 */
export async function asOperator<Result>(work: (operator: Operator) => Promise<Result>): Promise<Result> {
  const connection = await connectNats({ ...natsAccess(), name: 'operator' });
  return work(new Operator(connection)).finally(() => connection.close());
}
