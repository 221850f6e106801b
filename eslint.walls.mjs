/**
 * Who may import what. A library is one idea and stays small because this table is short; `domain/` is pure because what it
 * would need to be impure cannot be imported. `test/walls.spec.ts` breaks each wall on purpose.
 */
const OURS = '@couplet/';
const LIBRARIES = {
  contracts: ['zod'],
  promotion: [],
  client: ['jose', 'openapi-fetch'],
  offers: ['@couplet/contracts', '@couplet/promotion', 'lru-cache', 'temporal-polyfill'],
  'medium-id': ['node:crypto', 'node:util', 'card-validator'],
  'best-deal': ['@couplet/promotion', 'highs', 'piscina', 'node:'],
  symbol: ['bwip-js', 'piscina', 'node:'],
  postgres: ['pg', 'typeorm', 'node:timers/promises'],
  nats: ['@couplet/contracts', '@nats-io/', '@nestjs/', 'rxjs', 'reflect-metadata', 'zod', 'node:'],
  outbox: [
    '@couplet/contracts',
    '@couplet/nats',
    '@couplet/postgres',
    '@nestjs/',
    'pg',
    'typeorm',
    'uuid',
    'zod',
    'node:',
  ],
  'service-host': [
    '@couplet/contracts',
    '@couplet/nats',
    '@couplet/postgres',
    '@nats-io/',
    '@nestjs/',
    'pg',
    'pino',
    'reflect-metadata',
    'zod',
    'node:',
  ],
};

const PURE = 'domain/ is pure: pass the time, the id or the effect as an argument.';
const impure = (name) => ({ name, message: PURE });

const domainWall = [
  {
    regex:
      '^(@nestjs/|typeorm|pg$|pg/|@nats-io/|rxjs|node:|pino|@couplet/(nats|outbox|postgres|service-host|infra|medium-id))',
    message: 'domain/ is pure: pass what it needs as an argument.',
  },
  { regex: '^(\\.\\./)+(handlers|clients|db)/', message: 'domain/ never looks outward.' },
];
const infraWall = {
  regex: '^@couplet/infra',
  message: 'infra starts databases for tests and demos; a service is given the ones it uses.',
};
const appWall = {
  regex: `^${OURS}(analytics|barcode|gateway|issuance|medium-registry|network-simulator|settlement-relay)(/|$)`,
  message: 'a service never imports another: ask it by its contract.',
};

const onlyThese = (allowed) => [
  {
    regex:
      allowed.length === 0
        ? '^[^.]'
        : `^(?!\\.|${allowed.map((name) => (/[/:]$/.test(name) ? name : `${name}(/|$)`)).join('|')})`,
    message: `this library may import only: ${allowed.join(', ') || 'nothing'}.`,
  },
];
const wall = (files, patterns, ignores = []) => ({
  files,
  ignores: ['**/*.spec.ts', '**/test/**', ...ignores],
  rules: { 'no-restricted-imports': ['error', { patterns }] },
});

export default [
  ...Object.entries(LIBRARIES).map(([name, allowed]) =>
    wall(
      [`libs/${name}/src/**/*.ts`],
      onlyThese(allowed),
      name === 'contracts' ? ['libs/contracts/src/export/main.ts'] : [],
    ),
  ),
  wall(['libs/infra/src/**/*.ts'], [appWall]),
  wall(['apps/*/src/**/*.ts'], [appWall, infraWall], ['apps/cli/**']),
  wall(['apps/cli/src/**/*.ts'], [appWall]),
  wall(['apps/*/src/domain/**/*.ts'], [appWall, infraWall, ...domainWall]),
  {
    files: ['apps/*/src/domain/**/*.ts', 'libs/promotion/src/**/*.ts', 'libs/offers/src/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...['process', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'console', 'crypto'].map(impure),
      ],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: PURE },
        { object: 'Math', property: 'random', message: PURE },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: PURE },
      ],
    },
  },
];
