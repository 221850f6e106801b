import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

/** The real configuration, without type information: the files below exist only in this test. */
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

async function refusals(filePath: string, imported: string): Promise<string[]> {
  const [result] = await eslint.lintText(`import '${imported}';\n`, { filePath });
  return result!.messages
    .filter(({ ruleId }) => ruleId === 'no-restricted-imports')
    .map(({ message }) => message);
}

describe('a wall is broken on purpose and lint says so', () => {
  it.each([
    ['apps/settlement-relay/src/domain/x.ts', '@nestjs/common', 'domain/ is pure'],
    ['apps/settlement-relay/src/domain/x.ts', 'typeorm', 'domain/ is pure'],
    ['apps/settlement-relay/src/domain/x.ts', 'pg', 'domain/ is pure'],
    ['apps/settlement-relay/src/domain/x.ts', '@nats-io/jetstream', 'domain/ is pure'],
    ['apps/settlement-relay/src/domain/x.ts', 'node:fs', 'domain/ is pure'],
    ['apps/settlement-relay/src/domain/x.ts', '@couplet/nats', 'domain/ is pure'],
    ['apps/settlement-relay/src/domain/deep/x.ts', '../../db/journal.ts', 'domain/ never looks outward'],
    ['apps/settlement-relay/src/domain/x.ts', '../clients/registry.client.ts', 'domain/ never looks outward'],
    [
      'apps/settlement-relay/src/domain/x.ts',
      '../handlers/settle.controller.ts',
      'domain/ never looks outward',
    ],
    ['apps/analytics/src/handlers/x.ts', '@couplet/settlement-relay', 'a service never imports another'],
    ['apps/analytics/src/db/x.ts', '@couplet/infra', 'infra starts databases'],
    ['libs/contracts/src/x.ts', '@nestjs/common', 'only: zod'],
    ['libs/contracts/src/x.ts', '@couplet/nats', 'only: zod'],
    ['libs/promotion/src/x.ts', 'zod', 'only: nothing'],
    ['libs/promotion/src/x.ts', 'node:crypto', 'only: nothing'],
    ['libs/medium-id/src/x.ts', 'pg', 'only: node:crypto'],
    ['libs/postgres/src/x.ts', '@couplet/contracts', 'only: pg'],
    ['libs/nats/src/x.ts', 'typeorm', 'only: @couplet/contracts'],
    ['libs/nats/src/x.ts', '@couplet/outbox', 'only: @couplet/contracts'],
    ['libs/outbox/src/x.ts', '@couplet/service-host', 'only: @couplet/contracts'],
    ['libs/service-host/src/x.ts', '@couplet/outbox', 'only: @couplet/contracts'],
    ['libs/infra/src/x.ts', '@couplet/issuance', 'a service never imports another'],
  ])('%s importing %s', async (filePath, imported, reason) => {
    expect(await refusals(filePath, imported)).toEqual([expect.stringContaining(reason)]);
  });
});

describe('domain/ has no clock, no chance and no effects', () => {
  it.each([
    'Date.now()',
    'new Date()',
    'Math.random()',
    'process.env',
    'setTimeout(() => 0, 1)',
    'console.log(1)',
    "fetch('x')",
  ])('%s', async (code) => {
    const [result] = await eslint.lintText(`export const x = ${code};\n`, {
      filePath: 'apps/issuance/src/domain/x.ts',
    });
    expect(result!.messages.map(({ message }) => message)).toEqual([
      expect.stringContaining('domain/ is pure'),
    ]);
  });

  it('may work on a time it is given', async () => {
    const [result] = await eslint.lintText('export const x = (at: string) => new Date(at);\n', {
      filePath: 'apps/issuance/src/domain/x.ts',
    });
    expect(result!.messages).toEqual([]);
  });
});

describe('what is meant to be imported passes', () => {
  it.each([
    ['apps/settlement-relay/src/domain/x.ts', '@couplet/contracts'],
    ['apps/settlement-relay/src/domain/x.ts', './decide.ts'],
    ['apps/settlement-relay/src/db/x.ts', '@couplet/postgres'],
    ['apps/cli/src/x.ts', '@couplet/infra'],
    ['libs/promotion/src/x.ts', './types.ts'],
    ['libs/outbox/src/x.ts', '@couplet/nats'],
    ['libs/nats/src/x.ts', '@nats-io/jetstream'],
  ])('%s importing %s', async (filePath, imported) => {
    expect(await refusals(filePath, imported)).toEqual([]);
  });
});
