/** The action of a command whose result is its exit code. */
export function exiting<Args extends unknown[]>(command: (...args: Args) => Promise<number>) {
  return async (...args: Args): Promise<void> => {
    process.exitCode = await command(...args);
  };
}
