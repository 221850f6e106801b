import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { startProcess, type ProcessOptions } from '../src/index.ts';

const READY = `console.log('{"level":30,"msg":"ready"}');`;
const STAYS = 'setInterval(() => {}, 1000);';
const node = (script: string, options: Partial<ProcessOptions> = {}) =>
  startProcess({ name: 'service', args: ['-e', script], ...options });

describe('startProcess', () => {
  it('is ready at the line that says so, and keeps what it prints', async () => {
    const service = await node(`console.error('one'); ${READY} ${STAYS}`);
    while (service.output().length < 2) await sleep(5); // The two streams are not read in order.
    expect(service.output().sort()).toEqual(['one', '{"level":30,"msg":"ready"}']);
    while (!readFileSync(service.logFile, 'utf8').includes('one')) await sleep(5);
    await service.stop();
    expect(existsSync(service.logFile)).toBe(false);
  });

  it('shows the last lines of one that ends or stays silent instead', async () => {
    await expect(node(`console.error('no database'); process.exit(3)`)).rejects.toThrow(
      /ended \(3\)[^]*no database/,
    );
    await expect(node(STAYS, { readyTimeoutMs: 300 })).rejects.toThrow('was not ready in 300 ms');
    await expect(node('', { command: '/nowhere/node' })).rejects.toThrow('ENOENT');
  });

  it('passes on only the environment it is given', async () => {
    process.env['DATABASE_URL_OF_TEST'] = 'postgres://secret';
    const service = await node(`console.log(Object.keys(process.env).join()); ${READY} ${STAYS}`, {
      env: { OWN: '1' },
    });
    delete process.env['DATABASE_URL_OF_TEST'];
    expect(service.output()[0]?.split(',')).toContain('OWN');
    expect(service.output()[0]).not.toContain('DATABASE_URL_OF_TEST');
    await service.stop();
  });

  it('starts a crashed one again as often as allowed, then says how it ended', async () => {
    const service = await node(READY + STAYS, { restartOnCrash: 1 });
    const first = service.pid;

    await service.kill();
    await service.ready();
    expect([service.starts, service.pid === first]).toEqual([2, false]);

    await service.kill();
    expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' });
    await service.stop();
  });

  it('can be killed and started again by hand, with the lines of both in one log', async () => {
    const service = await node(READY + STAYS);
    await service.kill('SIGKILL');
    await service.restart();
    expect(service.starts).toBe(2);
    expect(service.output()).toHaveLength(2);
    await service.stop();
  });

  it('does not wait for ever for one that ignores SIGTERM', async () => {
    const service = await node(`process.on('SIGTERM', () => {}); ${READY} ${STAYS}`);
    await service.stop(100);
    expect(await service.exited).toEqual({ code: null, signal: 'SIGKILL' });
  });
});
