import { type Command, InvalidArgumentError, Option } from 'commander';

const HELP = `
Plays every verb of the card network against your relay: each cell of the table, repeats, messages that come late or
overtake each other, and input that is wrong. It asks on couplet.network.NAME.<verb>.v1, so connect as a user that may
publish there: settlement-relay's, or no user on a server without accounts. Use a card network for tests: sales are
captured. What is held is reversed. What your relay does not declare in its capabilities is skipped.

  npx couplet relay-conformance --relay acme --nats nats://localhost:4222
  npx couplet relay-conformance --relay acme --nats nats://localhost:4222 --user settlement-relay --card 5555555555554444

Each failure says what was sent, what was expected, what came, and the rule. Ends with 1 if anything failed.
docs/relays.md is the contract in a page.`;

export function addRelayConformanceOptions(command: Command): Command {
  return command
    .description('say what a payment-network relay must fix to work with Couplet')
    .requiredOption('--relay <name>', 'the relay, as in its subjects')
    .requiredOption('--nats <url>', 'where it listens, such as nats://localhost:4222')
    .addOption(
      new Option('--user <name>', "NATS user; its inbox is _INBOX_<name>, a relay's _INBOX_relay.<name>")
        .env('NATS_USER')
        .default('settlement-relay'),
    )
    .addOption(new Option('--password <password>', 'its password').env('NATS_PASSWORD'))
    .option('--card <number>', 'a test card that the relay approves', '4111111111111111')
    .option('--currency <code>', 'of every amount', 'USD')
    .addOption(
      new Option('--timeout <ms>', 'how long one answer may take').argParser(milliseconds).default(5_000),
    )
    .option('--json', 'print the results as JSON', false)
    .addHelpText('after', HELP);
}

function milliseconds(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text))
    throw new InvalidArgumentError('It must be a whole number of milliseconds.');
  return Number(text);
}
