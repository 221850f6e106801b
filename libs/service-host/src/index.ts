export { ConfigError, parseConfig, readConfig, ServiceConfig } from './config.ts';
export { failpoint } from './failpoint.ts';
export { createLogger } from './logger.ts';
export { type Platform, type RunningService, runService, type ServiceOptions } from './run-service.ts';
