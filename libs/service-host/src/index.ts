export { ConfigError, parseConfig, readConfig, ServiceConfig } from './config.ts';
export { failpoint } from './failpoint.ts';
export { createLogger, NestLogger } from './logger.ts';
export { type Platform, runProgram, type RunningProgram } from './run-program.ts';
export { Recurring } from './recurring.ts';
export { type RunningService, runService, type ServiceOptions } from './run-service.ts';
