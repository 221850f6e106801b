import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** What every service must be told. An app extends it: `ServiceConfig.extend({ TOKEN_KEY: z.string() })`. */
export const ServiceConfig = z.object({
  NATS_URL: z.string().regex(/^(nats|tls):\/\//, 'must be nats://host:port'),
  NATS_USER: z.string().min(1).optional(),
  NATS_PASSWORD: z.string().min(1).optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'must be postgres://user:password@host:port/database'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});
export type ServiceConfig = z.output<typeof ServiceConfig>;

type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting that is missing or wrong, by name; never a value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly problems: readonly string[]) {
    super(`cannot start with this configuration:\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** Reads the configuration, or prints everything that is wrong with it and exits with 78 (sysexits: EX_CONFIG). */
export function readConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment = process.env,
): z.output<z.ZodObject<Shape>> {
  try {
    return parseConfig(schema, env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(78);
  }
}

/**
 * Each setting X comes from the variable X, or from the file that X_FILE names (without its last line end).
 * @throws ConfigError with all problems at once
 */
export function parseConfig<Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  env: Environment,
): z.output<z.ZodObject<Shape>> {
  const problems: string[] = [];
  const given = Object.keys(schema.shape).flatMap((name) => {
    const value = settingOf(name, env, problems);
    return value === undefined ? [] : [[name, value] as const];
  });
  const parsed = schema.safeParse(Object.fromEntries(given));
  const named = new Set(problems.map((problem) => problem.split(' ', 1)[0]));
  for (const issue of parsed.error?.issues ?? []) {
    const name = String(issue.path[0]);
    const missing = !given.some(([set]) => set === name);
    if (!named.has(name))
      problems.push(missing ? `${name} is missing (or ${name}_FILE)` : `${name} ${issue.message}`);
  }
  if (problems.length > 0 || !parsed.success) throw new ConfigError(problems);
  return parsed.data;
}

function settingOf(name: string, env: Environment, problems: string[]): string | undefined {
  const file = env[`${name}_FILE`];
  if (!file) return env[name] || undefined;
  if (env[name]) {
    problems.push(`${name} is given twice: once as ${name} and once as ${name}_FILE`);
    return undefined;
  }
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    problems.push(`${name} cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code}`);
    return undefined;
  }
}

/** The configuration for the log at start: what may be a secret is shown only as given. */
export function redactedConfig(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).map(([name, value]) => [
      name,
      isSecret(name) ? '[redacted]' : withoutPassword(value),
    ]),
  );
}

function isSecret(name: string): boolean {
  return /PASSWORD|SECRET|KEY|TOKEN|CREDENTIAL|PRIVATE/i.test(name);
}

function withoutPassword(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value.replace(/(\w+:\/\/[^\s/:@]*):[^\s@]*@/g, '$1:[redacted]@');
}
