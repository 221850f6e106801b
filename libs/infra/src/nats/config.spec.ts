import { natsConfig } from './config.ts';

const base = { host: '127.0.0.1', port: 4000, storeDirectory: '/tmp/x', syncAlways: true };

describe('natsConfig', () => {
  it('keeps quotes, backslashes and dollars of names and passwords inside their string', () => {
    const users = [{ user: 'a"b', password: '$x\\"; }' }];
    expect(JSON.parse(natsConfig({ ...base, users })).authorization.users).toEqual(users);
  });

  it('refuses control characters, which the server would read as something else', () => {
    expect(() => natsConfig({ ...base, users: [{ user: 'a', password: 'p\u0001' }] })).toThrow(
      'control character',
    );
  });

  it('notices a dead connection within half a minute', () => {
    expect(JSON.parse(natsConfig(base))).toMatchObject({ ping_interval: '10s', ping_max: 2 });
  });

  it('leaves sync_interval out for servers that refuse the key', () => {
    expect(natsConfig({ ...base, syncAlways: false })).not.toContain('sync_interval');
    expect(natsConfig(base)).toContain('"sync_interval": "always"');
  });
});
