/**
 * A place where a test may have this process killed, as a power cut would: `COUPLET_FAILPOINT=<name>`. Without that
 * variable it does nothing.
 */
export function failpoint(name: string): void {
  if (process.env['COUPLET_FAILPOINT'] === name) process.kill(process.pid, 'SIGKILL');
}
