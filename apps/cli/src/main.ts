import { program } from './program.ts';

try {
  await program().parseAsync();
} catch (error) {
  const { name, message, stack } = error as Error;
  // Of what people can mend the message is enough; of a fault of ours the way to it matters.
  const expected = ['DataError', 'ConfigError'].includes(name);
  console.error(expected ? message : (stack ?? String(error)));
  process.exitCode = 1;
}
