import { existsSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { jest } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { startNats, type RunningNats } from '../src/index.ts';

const users = [
  { user: 'deploy', password: 'p"a\\s$s }' },
  {
    user: 'shop',
    password: 'secret',
    permissions: {
      publish: { allow: ['a.>'], deny: ['a.secret'] },
      subscribe: { allow: ['_INBOX_shop.>', 'b.*'] },
    },
  },
];
let nats: RunningNats;
beforeAll(async () => void (nats = await startNats({ users, monitor: true })));
afterAll(() => nats.stop());

const connectAs = (user: string, pass: string) =>
  connect({ servers: nats.url, user, pass, inboxPrefix: `_INBOX_${user}`, maxReconnectAttempts: 0 });

describe('startNats', () => {
  it('lets nobody in without the password, whatever characters it has', async () => {
    const deploy = await connectAs('deploy', 'p"a\\s$s }');
    await deploy.flush();
    await deploy.close();
    await expect(connectAs('deploy', 'p')).rejects.toThrow(/authorization/i);
    await expect(connect({ servers: nats.url })).rejects.toThrow(/authorization/i);
  });

  it('holds a user to its subjects', async () => {
    const [shop, deploy] = [await connectAs('shop', 'secret'), await connectAs('deploy', 'p"a\\s$s }')];
    const seen: string[] = [];
    deploy.subscribe('>', { callback: (_error, message) => void seen.push(message.subject) });
    await deploy.flush();

    for (const subject of ['a.secret', 'c', 'a.open']) shop.publish(subject);
    const refused = new Promise((resolve) => shop.subscribe('c', { callback: (error) => resolve(error) }));
    await shop.flush();
    await deploy.flush();

    expect(seen).toEqual(['a.open']);
    expect(String(await refused)).toMatch(/permission/i);
    await Promise.all([shop.close(), deploy.close()]);
  });

  it('serves its monitoring endpoints when asked', async () => {
    const variables = (await (await fetch(`${nats.monitorUrl}/varz`)).json()) as { version: string };
    expect(variables.version).toBe(nats.version);
  });

  it('comes back on the same port with its streams after kill -9', async () => {
    const first = await connectAs('deploy', 'p"a\\s$s }');
    await (await jetstreamManager(first)).streams.add({ name: 'KEPT', subjects: ['kept'] });
    await jetstream(first).publish('kept', 'x');
    await first.close();

    await nats.kill();
    await expect(connectAs('deploy', 'p"a\\s$s }')).rejects.toThrow();
    await nats.restart();

    const second = await connectAs('deploy', 'p"a\\s$s }');
    const stream = await (await jetstreamManager(second)).streams.info('KEPT');
    expect(stream.state.messages).toBe(1);
    await second.close();
  });
});

const itIfLocal = process.env['TEST_INFRA'] || process.env['NATS_URL'] ? it.skip : it;
itIfLocal('leaves its store when asked to, and says where it is', async () => {
  const said = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  const kept = await startNats({ keep: true });
  await kept.stop();

  const home = dirname(kept.storeDirectory!);
  expect(existsSync(home)).toBe(true);
  expect(said).toHaveBeenCalledWith(expect.stringContaining(kept.storeDirectory!));
  rmSync(home, { recursive: true });
  said.mockRestore();
});
