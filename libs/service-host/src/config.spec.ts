import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ConfigError, parseConfig, redactedConfig, ServiceConfig } from './config.ts';

const ENV = { NATS_URL: 'nats://localhost:4222', DATABASE_URL: 'postgres://a:b@localhost/c' };

describe('parseConfig', () => {
  it('reads what is set and fills in defaults', () => {
    expect(parseConfig(ServiceConfig, ENV)).toEqual({ ...ENV, LOG_LEVEL: 'info' });
  });

  it('takes a setting from the file that X_FILE names, without its last line end', () => {
    const directory = mkdtempSync(join(tmpdir(), 'couplet-config-'));
    writeFileSync(join(directory, 'password'), ' p\nq \n');
    const config = parseConfig(ServiceConfig, { ...ENV, NATS_PASSWORD_FILE: join(directory, 'password') });
    rmSync(directory, { recursive: true });
    expect(config.NATS_PASSWORD).toBe(' p\nq ');
  });

  it('tells every problem at once, and no value', () => {
    const schema = ServiceConfig.extend({ TOKEN_KEY: z.string(), SHARDS: z.coerce.number().int() });
    const env = {
      NATS_URL: 'http://hidden',
      DATABASE_URL: 'postgres://x',
      DATABASE_URL_FILE: '/there',
      TOKEN_KEY_FILE: '/not/there',
      SHARDS: 'many',
    };
    const problems = caught(() => parseConfig(schema, env)).problems;
    expect(problems).toEqual([
      'DATABASE_URL is given twice: once as DATABASE_URL and once as DATABASE_URL_FILE',
      'TOKEN_KEY cannot be read from /not/there: ENOENT',
      'NATS_URL must be nats://host:port',
      expect.stringMatching(/^SHARDS .*number/),
    ]);
    expect(problems.join()).not.toMatch(/hidden|many/);
  });

  it('takes an empty variable for a missing one', () => {
    expect(caught(() => parseConfig(ServiceConfig, { ...ENV, NATS_URL: '' })).problems).toEqual([
      'NATS_URL is missing (or NATS_URL_FILE)',
    ]);
  });
});

it('shows a configuration without its secrets', () => {
  const config = {
    DATABASE_URL: 'postgres://u:hush@h:5/d',
    NATS_PASSWORD: 'hush',
    TOKEN_KEY: 'hush',
    LOG_LEVEL: 'info',
  };
  expect(redactedConfig(config)).toEqual({
    DATABASE_URL: 'postgres://u:[redacted]@h:5/d',
    NATS_PASSWORD: '[redacted]',
    TOKEN_KEY: '[redacted]',
    LOG_LEVEL: 'info',
  });
});

function caught(work: () => unknown): ConfigError {
  try {
    work();
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error('it did not throw a ConfigError');
}
