/**
 * Runs in a service before its program: SIGUSR2 arms the failpoint that the file COUPLET_ARM_FILE names, at the passing that
 * it names. So a service needs no restart to be armed.
 */
import { readFileSync } from 'node:fs';

let passingsLeft = 0;

process.on('SIGUSR2', () => {
  const text = readFileSync(process.env['COUPLET_ARM_FILE']!, 'utf8');
  const { failpoint, passing } = JSON.parse(text) as { failpoint: string; passing: number };
  passingsLeft = passing - 1;
  process.env['COUPLET_FAILPOINT'] = failpoint;
});

const kill = process.kill.bind(process);
process.kill = (pid, signal) => {
  if (pid === process.pid && signal === 'SIGKILL' && passingsLeft-- > 0) return true;
  return kill(pid, signal);
};
