import { type Contract, contractName } from '../contract.ts';

/** Every message on one page, for people. */
export function catalogue(contracts: readonly Contract[]): string {
  return [
    '# Messages',
    '',
    'Generated from `libs/contracts`; schemas are in `schemas/`, the whole as AsyncAPI 3 in `asyncapi.json`.',
    '',
    '## Requests',
    '',
    'Plain JSON by NATS request-reply; the last token names the caller, and its credential allows no other name.',
    '',
    ...table(
      ['Subject', 'Callers', 'What it does'],
      contracts.flatMap((contract) =>
        contract.kind === 'request'
          ? [[`\`${contract.subject}.<caller>\``, contract.callers.join(', '), contract.summary]]
          : [],
      ),
    ),
    '',
    '## Card network',
    '',
    'Asked by `settlement-relay` of the relay that asked it to settle.',
    '',
    ...table(
      ['Subject', 'What it does'],
      contracts.flatMap((contract) =>
        contract.kind === 'network'
          ? [[`\`couplet.network.<relay>.${contract.verb}.v${contract.version}\``, contract.summary]]
          : [],
      ),
    ),
    '',
    '## Events',
    '',
    'CloudEvents 1.0 in binary mode on JetStream, delivered at least once; deduplicate on `ce-id`.',
    '',
    ...table(
      ['Subject', 'Consumers', 'What happened'],
      contracts.flatMap((contract) =>
        contract.kind === 'event'
          ? [[`\`${contract.subject}\``, contract.consumers.join(', '), contract.summary]]
          : [],
      ),
    ),
    '',
    '## Schemas',
    '',
    ...contracts.map((contract) =>
      contract.kind === 'event'
        ? `- \`${contractName(contract)}\`: [payload](schemas/${contractName(contract)}.json)`
        : `- \`${contractName(contract)}\`: [request](schemas/${contractName(contract)}.request.json), [reply](schemas/${contractName(contract)}.reply.json)`,
    ),
    '',
  ].join('\n');
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)];
}
