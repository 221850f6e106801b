import { program } from './program.ts';
import type { Command } from 'commander';

describe('the command line', () => {
  it.each([
    'demo',
    'migrate',
    'deploy-streams',
    'outbox',
    'outbox replay',
    'terminal',
    'terminal sell',
    'terminal resume',
    'terminal refund',
    'terminal print-coupon',
    'terminal scan',
    'cases',
    'cases close',
    'end-of-day',
    'relay-conformance',
    'preview',
    'codes',
    'codes generate',
    'codes status',
    'codes export',
    'codes import',
    'coupon-code',
  ])('explains %s', (name) => {
    const help = name.split(' ').reduce(subcommand, program()).helpInformation();
    expect(help).toContain(`Usage: couplet ${name}`);
  });

  it('says the defaults of the demo', () => {
    const help = subcommand(program(), 'demo').helpInformation();
    expect(help).toMatch(/default:\s+"as-recorded"/);
    expect(help).toMatch(/0 for no match \(default:\s+100\)/);
  });

  it.each([
    [['demo', '--mode', 'sideways'], /choices|Allowed/],
    [['demo', '--concurrency', '0'], /must be 1 or more/],
    [['demo', '--unencoded-value', 'much'], /must be dollars above zero/],
    [['outbox', 'replay', '--service', 'issuance', '--since', 'yesterday'], /must be a UTC time/],
    [['relay-conformance', '--nats', 'nats://localhost:4222'], /--relay/],
    [['relay-conformance', '--relay', 'acme', '--nats', 'x', '--timeout', 'soon'], /milliseconds/],
    [['outbox', 'replay', '--since', '2026-11-20T08:00:00Z'], /--service/],
    [['terminal', '--currency', 'dollars'], /ISO 4217/],
    [['terminal', 'refund', 'sale', '--lines', ':1'], /must be like 1,3/],
    [['cases', 'close', 'case', 'forget', '--by', 'ada', '--note', 'why'], /choices|Allowed/],
    [['end-of-day', '--from', 'yesterday', '--to', 'today'], /must be a UTC time/],
    [['preview'], /--offers/],
    [['preview', '--offers', 'x', '--time-zone', 'Mars/Olympus'], /IANA time zone/],
    [['codes', 'generate', '--offer', 'x', '--count', '5'], /--by/],
    [['codes', 'generate', '--offer', 'x', '--by', 'ada', '--count', '0'], /must be 1 or more/],
    [['codes', 'import', 'file.csv', '--by', 'ada'], /--offer/],
  ])('refuses %j', async (argv, says) => {
    const said: string[] = [];
    const couplet = quiet(program(), (text) => said.push(text));
    await expect(couplet.parseAsync(argv, { from: 'user' })).rejects.toThrow();
    expect(said.join('')).toMatch(says);
  });
});

function subcommand(command: Command, name: string): Command {
  return command.commands.find((candidate) => candidate.name() === name)!;
}

function quiet(command: Command, writeErr: (text: string) => void): Command {
  command.exitOverride().configureOutput({ writeErr });
  for (const child of command.commands) quiet(child, writeErr);
  return command;
}
