import { SERVICES, type Service } from '@couplet/contracts';
import { Command, Option } from 'commander';
import { addCodesCommands } from './commands/codes-options.ts';
import { addCouponCodeCommand } from './commands/coupon-code.ts';
import { addExplainCommand } from './commands/explain-options.ts';
import { addDemoOptions, type DemoOptions } from './commands/demo-options.ts';
import type { FaultsOptions } from './commands/faults.ts';
import type { SecretsOptions } from './commands/make-secrets.ts';
import { addRelayConformanceOptions } from './commands/relay-conformance-options.ts';
import type { RelayConformanceOptions } from './commands/relay-conformance.ts';
import { addNewClientCommand } from './commands/new-client.ts';
import { instant } from './commands/instant.ts';
import { addOperatorCommands } from './commands/operator-options.ts';
import { addPreviewCommand } from './commands/preview-options.ts';
import { addTerminalCommands } from './commands/terminal-options.ts';

/** The command line; what a command needs is loaded when it runs. */
export function program(): Command {
  const couplet = new Command('couplet')
    .description('Couplet settles coupons on the card a shopper already carries.')
    .showHelpAfterError();

  addDemoOptions(couplet.command('demo'))
    .description('start everything, replay shopping baskets through it, and say what happened')
    .action(async (options: DemoOptions) => {
      const { demo } = await import('./commands/demo.ts');
      process.exitCode = (await demo(options)) ? 0 : 1;
    });

  addTerminalCommands(couplet);
  addExplainCommand(couplet);
  addOperatorCommands(couplet);

  couplet
    .command('migrate')
    .description(
      'bring database schemas up to date: of every service whose DATABASE_URL_<SERVICE> is set, such as DATABASE_URL_ISSUANCE',
    )
    .action(async () => {
      const { migrate } = await import('./commands/migrate.ts');
      console.log(`Migrated: ${(await migrate(process.env)).join(', ')}`);
    });

  couplet
    .command('make-secrets')
    .description(
      'make the passwords and keys of a deployment, and the configuration of NATS; keep those that are there',
    )
    .argument('<directory>', 'where each service, PostgreSQL and NATS have a folder')
    .option('--relays <names>', 'relays that get a credential, separated by commas', list, ['sim'])
    .option('--http-relays <names>', 'those of them that stores may pay through over HTTP', list, [])
    .option('--database <host:port/name>', 'where services find PostgreSQL', 'postgres:5432/couplet')
    .option('--service-uid <id>', 'user that runs the services, and alone may read their files', Number)
    .action(async (directory: string, options: SecretsOptions) => {
      const { makeSecrets } = await import('./commands/make-secrets.ts');
      await makeSecrets(directory, options);
      console.log('Secrets are there.');
    });

  couplet
    .command('deploy-streams')
    .description('create or update event streams and consumers on NATS_URL, as NATS_USER with NATS_PASSWORD')
    .addOption(new Option('--replicas <n>', 'copies of every stream').choices(['1', '3', '5']).default('1'))
    .action(async ({ replicas }: { replicas: string }) => {
      const { deployStreams } = await import('./commands/deploy-streams.ts');
      await deployStreams(process.env, Number(replicas));
      console.log('Streams and consumers are as the contracts ask.');
    });

  addNewClientCommand(couplet);

  couplet
    .command('outbox')
    .description('events that services have published')
    .command('replay')
    .description('publish events again that a stream has lost; needs DATABASE_URL_<SERVICE>')
    .addOption(new Option('--service <service>', 'whose events').choices(SERVICES).makeOptionMandatory())
    .requiredOption('--since <time>', 'a moment before the loss, such as 2026-11-20T08:00:00Z', instant)
    .action(async ({ service, since }: { service: Service; since: Date }) => {
      const { outboxReplay } = await import('./commands/outbox-replay.ts');
      console.log(
        `${await outboxReplay(process.env, service, since)} events are marked for publishing again.`,
      );
    });

  couplet
    .command('faults')
    .description('break the real system in every way the fault suite knows; ends with 1 if a rule was broken')
    .option('--only <name>', 'one fault, or all whose name begins so, such as failpoint')
    .option('--seed <n>', 'one seed of each', Number)
    .option(
      '--safeguards',
      'take each safeguard of the protocol out, and show that the suite complains',
      false,
    )
    .option('--list', 'say what there is, and run nothing', false)
    .option('--report <file>', 'write every dose as JSON')
    .action(async (options: FaultsOptions) => {
      const { faults } = await import('./commands/faults.ts');
      process.exitCode = (await faults(options)) ? 0 : 1;
    });

  couplet
    .command('conformance')
    .description('run check cases of coupon arithmetic; ends with 1 if one failed')
    .argument('<file>', 'cases in the neutral schema (pricing, allocation, limit, gs1), JSON')
    .action(async (file: string) => {
      const { readCases } = await import('./conformance/case-file.ts');
      const { runCases } = await import('./conformance/run-cases.ts');
      const { lines, failed } = runCases(await readCases(file));
      for (const line of lines) console.log(line);
      if (failed > 0) process.exitCode = 1;
    });

  addRelayConformanceOptions(couplet.command('relay-conformance')).action(
    async (options: RelayConformanceOptions) => {
      const { relayConformance } = await import('./commands/relay-conformance.ts');
      if (!(await relayConformance(options, console.log))) process.exitCode = 1;
    },
  );

  addPreviewCommand(couplet);
  addCodesCommands(couplet);
  addCouponCodeCommand(couplet);

  return couplet;
}

function list(text: string): string[] {
  return text.split(',').filter((name) => name !== '');
}
