import type { LoggerService } from '@nestjs/common';
import { pino, stdSerializers, type DestinationStream, type Logger } from 'pino';

const CARD_NUMBER = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/g;

/** Fields that may hold what no log may hold, wherever they come up to two levels down. */
const REDACTED = [
  'pan',
  'cardNumber',
  'number',
  'password',
  'secret',
  'authorization',
  'par',
  'cvv',
  'track2',
].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

/** One JSON line per entry on stdout; card numbers and secrets are taken out even if someone logs them by mistake. */
export function createLogger(service: string, level: string, destination?: DestinationStream): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: {
      paths: [...REDACTED, 'payment.id', '*.payment.id', 'media[*].id', '*.media[*].id'],
      censor: '[redacted]',
    },
    formatters: { level: (label: string) => ({ level: label }) },
    serializers: { error: stdSerializers.errWithCause, err: stdSerializers.errWithCause },
    hooks: { streamWrite: maskCardNumbers },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** Nest's own logging through pino. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log = (message: unknown, ...rest: unknown[]): void => this.write('info', message, rest);
  error = (message: unknown, ...rest: unknown[]): void => this.write('error', message, rest);
  warn = (message: unknown, ...rest: unknown[]): void => this.write('warn', message, rest);
  debug = (message: unknown, ...rest: unknown[]): void => this.write('debug', message, rest);
  verbose = (message: unknown, ...rest: unknown[]): void => this.write('trace', message, rest);
  fatal = (message: unknown, ...rest: unknown[]): void => this.write('fatal', message, rest);

  /** Nest appends the context, the class that logs, as the last argument; a stack may stand before it. */
  private write(
    level: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace',
    message: unknown,
    rest: unknown[],
  ): void {
    const context = rest.at(-1);
    const fields = typeof context === 'string' ? { context } : {};
    if (message instanceof Error) this.logger[level]({ ...fields, error: message }, message.message);
    else if (typeof message === 'object' && message !== null) this.logger[level]({ ...fields, ...message });
    else this.logger[level](rest.length > 1 ? { ...fields, stack: rest[0] } : fields, String(message));
  }
}

/** The last net: what looks like a card number and passes Luhn leaves as its last four digits. */
function maskCardNumbers(line: string): string {
  return line.replace(CARD_NUMBER, (digits) => {
    const bare = digits.replace(/\D/g, '');
    return passesLuhn(bare) ? `****${bare.slice(-4)}` : digits;
  });
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index++) {
    const digit = Number(digits[digits.length - 1 - index]);
    const doubled = index % 2 === 1 ? digit * 2 : digit;
    sum += doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}
