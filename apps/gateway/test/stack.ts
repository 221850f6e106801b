import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createCouplet, type Couplet } from '@couplet/client';
import {
  permissionsFor,
  problemOf,
  ProblemError,
  type RequestContract,
  serverPermissions,
} from '@couplet/contracts';
import { startNats, startPostgres } from '@couplet/infra';
import { connectNats } from '@couplet/nats';
import { createPool, migrate } from '@couplet/postgres';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import { parseGatewayConfig } from '../src/config.ts';
import { MIGRATIONS } from '../src/db/migrations/index.ts';
import { runGateway, type RunningGateway } from '../src/run-gateway.ts';

const PASSWORD = 'test-only';
export const ISSUER = 'https://couplet.test';

/** What a service answers: a reply, a problem, or nothing in time. */
export type Service = (
  body: Record<string, unknown>,
  caller: string,
) => object | ProblemError | Promise<object>;

/** A client's key pair, as it is registered and as it is kept. */
export function newClientKey(kid = 'k1') {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return {
    publicKey: { ...pair.publicKey.export({ format: 'jwk' }), alg: 'ES256', kid },
    privateKey: { ...pair.privateKey.export({ format: 'jwk' }), alg: 'ES256', kid },
  };
}

const KEYS = {
  'store-309': newClientKey(),
  'store-310': newClientKey(),
  'cash-only': newClientKey(),
  ada: newClientKey(),
  telecom: newClientKey(),
};
export type ClientId = keyof typeof KEYS;
const CLIENTS = [
  {
    clientId: 'store-309',
    scopes: ['store'],
    storeId: '309',
    relay: 'sim',
    keys: [KEYS['store-309'].publicKey],
  },
  {
    clientId: 'store-310',
    scopes: ['store'],
    storeId: '310',
    relay: 'sim',
    keys: [KEYS['store-310'].publicKey],
  },
  { clientId: 'cash-only', scopes: ['store'], storeId: '311', keys: [KEYS['cash-only'].publicKey] },
  { clientId: 'ada', scopes: ['marketing'], keys: [KEYS.ada.publicKey] },
  { clientId: 'telecom', scopes: ['enrolment'], keys: [KEYS.telecom.publicKey] },
];

/** The gateway on a real PostgreSQL and a real NATS, with the permissions of the contracts; the services behind it are the test's. */
export async function startStack() {
  const [postgres, nats] = await Promise.all([
    startPostgres({ durable: false }),
    startNats({
      users: [
        { user: 'gateway', password: PASSWORD, permissions: serverPermissions(permissionsFor('gateway')) },
        { user: 'sim', password: PASSWORD, permissions: serverPermissions(permissionsFor({ relay: 'sim' })) },
        { user: 'services', password: PASSWORD },
      ],
    }),
  ]);
  const { gateway: databaseUrl } = await postgres.provision(['gateway']);
  await migrate({ url: databaseUrl, schema: 'gateway', migrations: MIGRATIONS });
  const services = await connectNats({
    url: nats.url,
    name: 'services',
    user: 'services',
    password: PASSWORD,
  });
  const pool = createPool(databaseUrl);
  const running = new Set<RunningGateway>();
  const gatewayKey = `t1:${randomBytes(32).toString('base64')}`;

  return {
    pool,
    nats,
    postgres,
    environment: {
      NATS_URL: nats.url,
      NATS_USER: 'gateway',
      NATS_PASSWORD: PASSWORD,
      DATABASE_URL: databaseUrl,
      LOG_LEVEL: 'silent',
      HOST: '127.0.0.1',
      PORT: '0',
      PUBLIC_URL: ISSUER,
      GATEWAY_KEY: gatewayKey,
      CLIENTS: JSON.stringify(CLIENTS),
      RELAY_PASSWORDS: JSON.stringify({ sim: PASSWORD }),
    },
    async startGateway(settings: Record<string, string> = {}) {
      const gateway = await runGateway(parseGatewayConfig({ ...this.environment, ...settings }));
      running.add(gateway);
      const baseUrl = await gateway.app.getUrl();
      return { ...gateway, baseUrl, client: (clientId: ClientId) => clientOf(baseUrl, clientId) };
    },
    /** The services answer this request so, until the next call. */
    async serve(contract: RequestContract, service: Service): Promise<void> {
      await serve(services, contract, service);
    },
    /** The next of this request is answered by `answer`; `asked` resolves when it has come. */
    async hold(contract: RequestContract) {
      let arrived!: () => void;
      let answer!: (reply: object) => void;
      const asked = new Promise<void>((resolve) => (arrived = resolve));
      const answered = new Promise<object>((resolve) => (answer = resolve));
      await serve(services, contract, () => (arrived(), answered));
      return { asked, answer };
    },
    /** Returns when the services that are played here can be asked again, too. */
    async restartNats(): Promise<void> {
      await nats.restart();
      const isBack = () =>
        services.flush().then(
          () => true,
          () => false,
        );
      while (!(await isBack())) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    async stop(): Promise<void> {
      await Promise.all([...running].map((gateway) => gateway.stop()));
      await Promise.all([pool.end(), services.close()]);
      await Promise.all([postgres.stop(), nats.stop()]);
    },
  };
}
export type Stack = Awaited<ReturnType<typeof startStack>>;
export type Gateway = Awaited<ReturnType<Stack['startGateway']>>;

function clientOf(baseUrl: string, clientId: ClientId): Couplet {
  const { privateKey } = KEYS[clientId];
  return createCouplet({ baseUrl, credentials: { clientId, privateKey, audience: ISSUER } });
}

/** The private key of a registered client. */
export const privateKeyOf = (clientId: ClientId) => KEYS[clientId].privateKey;

const serving = new Map<string, { unsubscribe(): void }>();

async function serve(connection: NatsConnection, contract: RequestContract, service: Service): Promise<void> {
  serving.get(contract.subject)?.unsubscribe();
  const subscription = connection.subscribe(`${contract.subject}.*`, {
    callback: (_, message) => {
      void (async () => {
        const reply = await service(message.json(), message.subject.split('.').at(-1)!);
        if (!(reply instanceof ProblemError)) return message.respond(JSON.stringify(reply));
        const failed = headers();
        failed.set('Nats-Service-Error', reply.message);
        failed.set('Nats-Service-Error-Code', '400');
        return message.respond(JSON.stringify(problemOf(reply, 'a'.repeat(32))), { headers: failed });
      })();
    },
  });
  serving.set(contract.subject, subscription);
  await connection.flush();
}
