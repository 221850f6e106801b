import {
  bootstrap,
  configureDefaultOrderProcess,
  DefaultLogger,
  dummyPaymentHandler,
  LogLevel,
  RequestContextService,
} from '@vendure/core';
import { fill } from './fill.mjs';

/** The kindest settings: no customer, no shipping, no plugin, one process, its services called directly. */
function configOf(databaseUrl, port) {
  const { hostname, port: databasePort, username, password, pathname } = new URL(databaseUrl);
  return {
    apiOptions: { port, hostname: '127.0.0.1' },
    authOptions: {
      tokenMethod: 'bearer',
      superadminCredentials: { identifier: 'bench', password: crypto.randomUUID() },
    },
    dbConnectionOptions: {
      type: 'postgres',
      host: hostname,
      port: Number(databasePort),
      username,
      password: decodeURIComponent(password),
      database: pathname.slice(1),
      synchronize: true,
      logging: false,
      poolSize: 20,
    },
    orderOptions: {
      process: [
        configureDefaultOrderProcess({
          arrangingPaymentRequiresCustomer: false,
          arrangingPaymentRequiresShipping: false,
        }),
      ],
    },
    paymentOptions: { paymentMethodHandlers: [dummyPaymentHandler] },
    logger: new DefaultLogger({ level: LogLevel.Error }),
  };
}

/** Vendure in this process, with something to sell. @returns its services, what was filled in, and how it ends */
export async function startVendure(databaseUrl, port) {
  const app = await bootstrap(configOf(databaseUrl, port));
  const contexts = app.get(RequestContextService);
  const filled = await fill(app, contexts);
  return { app, contexts, filled, stop: () => app.close() };
}
