import type { z } from 'zod';
import { type Contract, contractName } from '../contract.ts';
import { Problem } from '../problem.ts';
import { wireSchema } from './json-schema.ts';

const SCHEMA_FORMAT = 'application/schema+json;version=draft-2020-12';

/** The wire as an AsyncAPI 3.0 document, seen from Couplet: it `send`s events and network requests, it `receive`s requests. */
export function asyncApi(contracts: readonly Contract[]): object {
  const channels: Record<string, object> = {};
  const operations: Record<string, object> = {};
  const messages: Record<string, object> = { problem: message('A request failed (RFC 9457).', Problem) };

  for (const contract of contracts) {
    const name = contractName(contract);
    const id = name.replaceAll('.', '_');
    if (contract.kind === 'event') {
      messages[id] = { ...message(contract.summary, contract.payload), headers: cloudEventHeaders };
      channels[id] = {
        address: contract.subject,
        messages: { [id]: reference(`components/messages/${id}`) },
      };
      operations[id] = { action: 'send', channel: reference(`channels/${id}`), summary: contract.summary };
      continue;
    }
    messages[`${id}_request`] = message(contract.summary, contract.request);
    messages[`${id}_reply`] = message(`Answer: ${contract.summary}`, contract.reply);
    channels[id] = {
      ...addressOf(contract),
      messages: { request: reference(`components/messages/${id}_request`) },
    };
    channels[`${id}_reply`] = {
      address: null,
      messages: {
        reply: reference(`components/messages/${id}_reply`),
        problem: reference('components/messages/problem'),
      },
    };
    operations[id] = {
      action: contract.kind === 'request' ? 'receive' : 'send',
      channel: reference(`channels/${id}`),
      summary: contract.summary,
      reply: { channel: reference(`channels/${id}_reply`) },
    };
  }
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Couplet',
      version: '1.0.0',
      description:
        'Requests are NATS request-reply with plain JSON; events are CloudEvents 1.0 in binary mode on JetStream.',
    },
    defaultContentType: 'application/json',
    channels,
    operations,
    components: { messages },
  };
}

function addressOf(contract: Exclude<Contract, { kind: 'event' }>): object {
  return contract.kind === 'request'
    ? {
        address: `${contract.subject}.{caller}`,
        parameters: { caller: { description: 'The name of the credential that asks.' } },
      }
    : {
        address: `couplet.network.{relay}.${contract.verb}.v${contract.version}`,
        parameters: { relay: { description: 'The name of the relay that is asked.' } },
      };
}

function message(summary: string, schema: z.ZodType): object {
  return { summary, payload: { schemaFormat: SCHEMA_FORMAT, schema: wireSchema(schema) } };
}

function reference(path: string): object {
  return { $ref: `#/${path}` };
}

const cloudEventHeaders = {
  type: 'object',
  required: ['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-time', 'Nats-Msg-Id'],
  properties: Object.fromEntries(
    ['ce-specversion', 'ce-id', 'ce-source', 'ce-type', 'ce-time', 'Nats-Msg-Id', 'traceparent'].map(
      (header) => [header, { type: 'string' }],
    ),
  ),
};
