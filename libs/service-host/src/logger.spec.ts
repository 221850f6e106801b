import { createLogger, NestLogger } from './logger.ts';

const CARD = '4111111111111111';

function logged(log: (logger: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  log(createLogger('issuance', 'info', { write: (line: string) => void lines.push(line) }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('a log line', () => {
  it('is JSON with service, level and time', () => {
    const [line] = logged((logger) => logger.info({ settlementId: 's1' }, 'granted'));
    expect(line).toMatchObject({ service: 'issuance', level: 'info', msg: 'granted', settlementId: 's1' });
    expect(Date.parse(String(line?.['time']))).not.toBeNaN();
  });

  it.each([
    ['a field that says so', { body: { payment: { id: CARD } } }],
    ['a field that does not', { handle: CARD }],
    ['a text', { detail: `refused 4111 1111 1111 1111 at till 4` }],
    ['an error and its cause', { error: new Error(`bad ${CARD}`, { cause: new Error(CARD) }) }],
  ])('holds no card number from %s', (_where, fields) => {
    const [line] = logged((logger) => logger.error(fields, 'failed'));
    expect(JSON.stringify(line)).not.toMatch(/4111 ?1111 ?1111 ?1111/);
  });

  it('keeps numbers that are no card numbers', () => {
    const [line] = logged((logger) =>
      logger.info({ sequence: '4111111111111112', at: '01890a5d-ac96-774b' }),
    );
    expect(line).toMatchObject({ sequence: '4111111111111112', at: '01890a5d-ac96-774b' });
  });

  it('of an error carries its type, message, stack and code', () => {
    const error = Object.assign(new Error('no'), { code: '40001' });
    const [line] = logged((logger) => logger.error({ error }));
    expect(line?.['error']).toMatchObject({
      type: 'Error',
      message: 'no',
      code: '40001',
      stack: expect.any(String),
    });
  });
});

describe("Nest's own logging", () => {
  it('becomes fields: context, stack, error', () => {
    const lines = logged((logger) => {
      const nest = new NestLogger(logger);
      nest.log('started', 'NestFactory');
      nest.error('broken', 'at line 1', 'ExceptionsHandler');
      nest.error({ msg: 'request failed', traceId: 't' }, 'Server');
      nest.warn(new Error('odd'));
      nest.debug('not at this level');
    });
    expect(lines).toMatchObject([
      { level: 'info', msg: 'started', context: 'NestFactory' },
      { level: 'error', msg: 'broken', stack: 'at line 1', context: 'ExceptionsHandler' },
      { level: 'error', msg: 'request failed', traceId: 't', context: 'Server' },
      { level: 'warn', msg: 'odd', error: { message: 'odd' } },
    ]);
  });
});
