import { readGatewayConfig } from './config.ts';
import { runGateway } from './run-gateway.ts';

await runGateway(readGatewayConfig());
