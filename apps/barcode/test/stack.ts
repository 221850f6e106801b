import {
  AcquireCouponsV1,
  EligibleProductsV1,
  IssueCodeV1,
  OfferApprovedV1,
  type OfferConditions,
  type OfferTerms,
  RegisterHoldersV1,
  ScanCodeV1,
  type ScanReply,
  type ScanRequest,
} from '@couplet/contracts';
import { type RunningNats, type RunningPostgres, startNats, startPostgres } from '@couplet/infra';
import { applyStreams, connectNats, EventPublisher, RequestClient } from '@couplet/nats';
import { createPool, migrate } from '@couplet/postgres';
import { type RunningService, runService } from '@couplet/service-host';
import type { NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import { readSymbol } from '../../../libs/symbol/test/reader.ts';
import { RegistryConfig } from '../../medium-registry/src/config.ts';
import { MIGRATIONS as REGISTRY_MIGRATIONS } from '../../medium-registry/src/migrations.ts';
import { registryModule } from '../../medium-registry/src/registry.module.ts';
import { barcodeModule } from '../src/barcode.module.ts';
import { BarcodeConfig } from '../src/config.ts';
import type { Failpoint } from '../src/failpoints.ts';
import { MIGRATIONS } from '../src/migrations.ts';

const KEY = (byte: number) => `test:${Buffer.alloc(32, byte).toString('base64')}`;
const DAY_MS = 86_400_000;
export const ASK = { timeoutMs: 10_000 };
export const PHONE = { widthPx: 1080, heightPx: 2400, pixelsPerInch: 420 };

export type IssueRequest = z.output<typeof IssueCodeV1.request>;
export type Shown = z.output<typeof IssueCodeV1.reply>;

/** barcode and medium-registry on a real PostgreSQL and NATS; the test plays issuance, phones and stores. */
export class Stack {
  readonly phone: RequestClient;
  readonly store: RequestClient;
  readonly operator: RequestClient;
  readonly issuance: EventPublisher;
  /** How far the clock of barcode is moved. */
  aheadMs = 0;
  /** Where barcode breaks off, as in a crash. */
  breakAt: Failpoint | undefined;
  private services: RunningService[] = [];

  private constructor(
    readonly postgres: RunningPostgres,
    readonly nats: RunningNats,
    readonly connection: NatsConnection,
    readonly pool: pg.Pool,
    readonly registryPool: pg.Pool,
    private readonly urls: Record<'barcode' | 'medium-registry', string>,
  ) {
    this.phone = new RequestClient(connection, 'gateway');
    this.operator = new RequestClient(connection, 'operator');
    this.store = new RequestClient(connection, 'sim');
    this.issuance = new EventPublisher(connection, 'issuance');
  }

  static async start(settings: Record<string, string> = {}): Promise<Stack> {
    const [postgres, nats] = await Promise.all([startPostgres({ durable: false }), startNats()]);
    const urls = await postgres.provision(['barcode', 'medium-registry']);
    await migrate({ url: urls.barcode, schema: 'barcode', migrations: MIGRATIONS });
    const registry = { schema: 'medium_registry', migrations: REGISTRY_MIGRATIONS };
    await migrate({ url: urls['medium-registry'], ...registry });
    const connection = await connectNats({ url: nats.url, name: 'test' });
    await applyStreams(connection);
    const [pool, registryPool] = [createPool(urls.barcode), createPool(urls['medium-registry'])];
    const stack = new Stack(postgres, nats, connection, pool, registryPool, urls);
    stack.services = [await stack.startRegistry(), await stack.startBarcode(settings)];
    return stack;
  }

  async stop(): Promise<void> {
    for (const service of this.services.toReversed()) await service.stop();
    await Promise.all([this.pool.end(), this.registryPool.end(), this.connection.close()]);
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
  }

  now(): Date {
    return new Date(Date.now() + this.aheadMs);
  }

  /** Runs with the clock of barcode moved. */
  async later<Result>(aheadMs: number, work: () => Promise<Result>): Promise<Result> {
    this.aheadMs += aheadMs;
    try {
      return await work();
    } finally {
      this.aheadMs -= aheadMs;
    }
  }

  /** A live offer; as it is, a dollar off one milk. */
  async offer({
    title = 'A dollar off milk',
    terms,
    conditions,
  }: {
    title?: string;
    terms?: Partial<OfferTerms>;
    conditions?: Partial<OfferConditions>;
  } = {}): Promise<string> {
    const offerId = uuidv7();
    const event: OfferApprovedV1 = {
      ...{ offerId, title, version: 3, campaignId: uuidv7() },
      terms: {
        currency: 'USD',
        requires: [{ productIds: ['milk'], quantity: 1 }],
        reward: { kind: 'amount-off', amount: 100n },
        funding: [{ party: 'manufacturer:614141', shareBps: 10_000 }],
        ...terms,
      },
      conditions: {
        purposes: ['purchase'],
        validFrom: new Date(Date.now() - DAY_MS).toISOString(),
        validTo: new Date(Date.now() + 30 * DAY_MS).toISOString(),
        ...conditions,
      },
      approvedAt: new Date().toISOString(),
    };
    await this.issuance.publish({
      ...{ id: uuidv7(), subject: OfferApprovedV1.subject, source: 'urn:couplet:issuance' },
      ...{ time: new Date().toISOString(), body: JSON.stringify(z.encode(OfferApprovedV1.payload, event)) },
    });
    await until(async () => {
      const { rowCount } = await this.registryPool.query('SELECT FROM offer WHERE offer_id = $1', [offerId]);
      return rowCount === 1;
    });
    return offerId;
  }

  /** Somebody who has acquired a coupon of each offer. */
  async holder(...offerIds: string[]): Promise<{ holderId: string; couponIds: string[] }> {
    const holderId = uuidv7();
    await this.operator.request(
      RegisterHoldersV1,
      { holders: [{ holderId, attributes: {}, media: [] }] },
      ASK,
    );
    const { coupons } = await this.operator.request(
      AcquireCouponsV1,
      {
        ...{ acquisitionId: uuidv7(), holderId, offerIds },
        ...{ channel: 'mobile', acquiredAt: new Date().toISOString() },
      },
      ASK,
    );
    return { holderId, couponIds: coupons.map(({ couponId }) => couponId) };
  }

  /** A code for a coupon of a new holder and, when none is named, a new offer. */
  async code(
    options: Partial<IssueRequest> & { offerId?: string } = {},
  ): Promise<Shown & { content: string; holderId: string }> {
    const { offerId, ...request } = options;
    const { holderId, couponIds } = await this.holder(offerId ?? (await this.offer()));
    return this.issue({ holderId, couponIds, ...request });
  }

  async issue(
    request: Partial<IssueRequest> & Pick<IssueRequest, 'holderId'>,
  ): Promise<Shown & { content: string; holderId: string }> {
    const symbol = { symbology: 'qr', format: 'png', screen: PHONE } as const;
    const body: IssueRequest = { codeId: uuidv7(), mode: 'single-use', symbol, ...request };
    const shown = await this.phone.request(IssueCodeV1, body, ASK);
    return { ...shown, content: await contentOf(shown), holderId: request.holderId };
  }

  scan(code: string, request: Partial<ScanRequest> = {}): Promise<ScanReply> {
    return this.scanAs(this.aScan(code, request));
  }

  scanAs(request: ScanRequest): Promise<ScanReply> {
    return this.store.request(ScanCodeV1, request, ASK);
  }

  aScan(code: string, request: Partial<ScanRequest> = {}): ScanRequest {
    return {
      ...{ scanId: uuidv7(), storeId: '309', terminalId: '4', code, purpose: 'purchase' },
      scannedAt: this.now().toISOString(),
      lines: [{ lineId: '1', productId: 'milk', quantity: '1', unit: 'each', amount: 386n }],
      finish: 'immediate',
      ...request,
    };
  }

  /** Why a scan is refused; undefined when it is not. */
  async reasonOf(code: string, request: Partial<ScanRequest> = {}): Promise<string | undefined> {
    const reply = await this.scan(code, request);
    return reply.result === 'invalid' ? reply.reason : undefined;
  }

  eligible(code: string, request: Partial<z.output<typeof EligibleProductsV1.request>> = {}) {
    const scannedAt = this.now().toISOString();
    return this.store.request(
      EligibleProductsV1,
      { storeId: '309', code, scannedAt, limit: 200, ...request },
      ASK,
    );
  }

  /** The coupon as the registry has it, with the uses of its offer by its holder. */
  async coupon(couponId: string): Promise<{ usesLeft: number; held: number; used: number }> {
    const { rows } = await this.registryPool.query<{ usesLeft: number; held: number; used: number }>(
      `SELECT uses_left AS "usesLeft", coalesce(held, 0) AS held, coalesce(used, 0) AS used
       FROM coupon LEFT JOIN coupon_usage USING (holder_id, offer_id) WHERE coupon_id = $1`,
      [couponId],
    );
    return rows[0]!;
  }

  private reached(step: Failpoint): void {
    if (step !== this.breakAt) return;
    this.breakAt = undefined;
    throw new Error(`broken off at ${step}`);
  }

  private startRegistry(): Promise<RunningService> {
    const config = RegistryConfig.parse({
      NATS_URL: this.nats.url,
      DATABASE_URL: this.urls['medium-registry'],
      LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
      TOKEN_KEY: KEY(7),
      PRESENTED_AT_TOLERANCE_MS: String(10 * DAY_MS),
      RESOLVE_EVERY_MS: '50',
    });
    return runService({
      service: 'medium-registry',
      config,
      module: (platform) => registryModule(platform, config),
    });
  }

  private startBarcode(settings: Record<string, string>): Promise<RunningService> {
    const config = BarcodeConfig.parse({
      NATS_URL: this.nats.url,
      DATABASE_URL: this.urls.barcode,
      LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent',
      CODE_KEYS: KEY(9),
      ...settings,
    });
    const options = { now: () => this.now(), reached: (step: Failpoint) => this.reached(step) };
    return runService({
      service: 'barcode',
      config,
      module: (platform) => barcodeModule(platform, config, options),
    });
  }
}

/** What a scanner reads in the picture. */
export async function contentOf({ symbol }: Shown): Promise<string> {
  const content = await readSymbol(Buffer.from(symbol.data, 'base64'));
  if (content === undefined) throw new Error('the picture cannot be read');
  return content;
}

/** Resolves when `condition` holds; the test's own time limit is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}
