import { generateKeyPairSync } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { CLIENT_SCOPES, type ClientScope } from '@couplet/contracts';
import { type Command, Option } from 'commander';

interface NewClientOptions {
  scope: ClientScope;
  store?: string;
  relay?: string;
  key: string;
}

/** A new client of the HTTP API: its private key in a file, and on standard output how it is registered. */
export function addNewClientCommand(couplet: Command): void {
  couplet
    .command('new-client')
    .description('make a key for a client of the HTTP API, and print the entry that registers it')
    .argument('<client-id>', 'its name; of a person, who then stands in the audit trail')
    .addOption(new Option('--scope <scope>', 'what it may do').choices(CLIENT_SCOPES).makeOptionMandatory())
    .option('--store <id>', 'the store that it is, for scope store')
    .option('--relay <name>', 'payment-network relay that charges the cards of this store')
    .requiredOption('--key <file>', 'new file for the private key; whoever has it is this client')
    .addHelpText('after', '\nThe entry goes into the list that the gateway reads as CLIENTS or CLIENTS_FILE.')
    .action(async (clientId: string, options: NewClientOptions, command: Command) => {
      if ((options.scope === 'store') !== (options.store !== undefined))
        command.error('error: --store belongs to scope store, and to no other');
      console.log(JSON.stringify(await newClient(clientId, options), null, 2));
    });
}

/** @throws if the file is there already: a key is not overwritten by mistake */
async function newClient(clientId: string, { scope, store, relay, key }: NewClientOptions): Promise<object> {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const named = { alg: 'ES256', kid: new Date().toISOString().slice(0, 10) };
  const privateKey = { ...pair.privateKey.export({ format: 'jwk' }), ...named };
  await writeFile(key, `${JSON.stringify(privateKey)}\n`, { mode: 0o600, flag: 'wx' });
  return {
    clientId,
    scopes: [scope],
    ...(store !== undefined && { storeId: store }),
    ...(relay !== undefined && { relay }),
    keys: [{ ...pair.publicKey.export({ format: 'jwk' }), ...named }],
  };
}
