import {
  AcquireCouponsV1,
  ClaimCodeV1,
  type EventContract,
  eventStreamName,
  type MediumKind,
  OfferApprovedV1,
  RegisterHoldersV1,
  ReserveCouponsV1,
  ResolveV1,
  ScanRolledBackV1,
  SettlementAbandonedV1,
  SettlementGrantedV1,
  SettlementRolledBackV1,
  UseCouponsV1,
} from '@couplet/contracts';
import { type RunningNats, type RunningPostgres, startNats, startPostgres } from '@couplet/infra';
import { loadTokenKey, mediumToken } from '@couplet/medium-id';
import { applyStreams, connectNats, EventPublisher, RequestClient } from '@couplet/nats';
import { createPool, migrate } from '@couplet/postgres';
import { type RunningService, runService } from '@couplet/service-host';
import { jetstreamManager, type StoredMsg } from '@nats-io/jetstream';
import { headers, type NatsConnection } from '@nats-io/transport-node';
import type pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { z } from 'zod';
import type { ReserveAnswer, ReserveRequest } from '../src/domain/reservation-plan.ts';
import { RegistryConfig } from '../src/config.ts';
import type { Acquisition } from '../src/db/acquisitions.ts';
import type { Registry } from '../src/db/registry.ts';
import type { UseRequest } from '../src/db/reserve.ts';
import { MIGRATIONS } from '../src/migrations.ts';
import { registryModule } from '../src/registry.module.ts';
import { anOffer, aReserve, PRESENTED_AT } from './samples.ts';

const TOKEN_KEY = `test:${Buffer.alloc(32, 7).toString('base64')}`;

/** The registry on a real PostgreSQL and NATS; the test plays its neighbours. */
export class Stack {
  readonly operator: RequestClient;
  readonly relay: RequestClient;
  readonly barcode: RequestClient;
  private readonly publishers: Record<'issuance' | 'settlement-relay' | 'barcode', EventPublisher>;

  private constructor(
    readonly postgres: RunningPostgres,
    readonly nats: RunningNats,
    readonly connection: NatsConnection,
    readonly pool: pg.Pool,
    readonly databaseUrl: string,
    private service: RunningService,
  ) {
    this.operator = new RequestClient(connection, 'operator');
    this.relay = new RequestClient(connection, 'settlement-relay');
    this.barcode = new RequestClient(connection, 'barcode');
    this.publishers = {
      issuance: new EventPublisher(connection, 'issuance'),
      'settlement-relay': new EventPublisher(connection, 'settlement-relay'),
      barcode: new EventPublisher(connection, 'barcode'),
    };
  }

  static async start(reached: Registry['reached'] = () => undefined): Promise<Stack> {
    const [postgres, nats] = await Promise.all([startPostgres({ durable: false }), startNats()]);
    const { 'medium-registry': url } = await postgres.provision(['medium-registry']);
    await migrate({ url, schema: 'medium_registry', migrations: MIGRATIONS });
    const connection = await connectNats({ url: nats.url, name: 'test' });
    await applyStreams(connection);
    const service = await startRegistry(nats.url, url, reached);
    return new Stack(postgres, nats, connection, createPool(url), url, service);
  }

  async stop(): Promise<void> {
    await this.service.stop();
    await Promise.all([this.pool.end(), this.connection.close()]);
    await Promise.all([this.postgres.stop(), this.nats.stop()]);
  }

  /** Publishes an event as its service would; the same `eventId` again is the same event delivered again. */
  async publish<Contract extends EventContract>(
    contract: Contract,
    payload: z.output<Contract['payload']>,
    eventId: string = uuidv7(),
  ): Promise<string> {
    const publisher = this.publishers[contract.service as keyof typeof this.publishers];
    const body = JSON.stringify(z.encode(contract.payload, payload));
    const source = `urn:couplet:${contract.service}`;
    await publisher.publish({
      id: eventId,
      subject: contract.subject,
      source,
      time: new Date().toISOString(),
      body,
    });
    return eventId;
  }

  /** An approved offer that has reached the read model. */
  async offer(options?: Parameters<typeof anOffer>[0]): Promise<OfferApprovedV1> {
    const offer = anOffer(options);
    await this.publish(OfferApprovedV1, offer);
    await until(async () => {
      const { rowCount } = await this.pool.query('SELECT FROM offer WHERE offer_id = $1', [offer.offerId]);
      return rowCount === 1;
    });
    return offer;
  }

  /** A holder with a point card and a credit card, who has acquired one coupon of each offer. */
  holder(...offers: OfferApprovedV1[]): Promise<Holder> {
    return this.holderWith({ age: '35-44' }, ...offers);
  }

  async holderWith(attributes: Record<string, string>, ...offers: OfferApprovedV1[]): Promise<Holder> {
    const holderId = uuidv7();
    const pointCard = { kind: 'point-card' as const, scheme: 'grocer', id: holderId.slice(-12) };
    const creditCard = { kind: 'credit-card' as const, id: testCardNumber() };
    const media = [pointCard, creditCard];
    await this.operator.request(RegisterHoldersV1, { holders: [{ holderId, attributes, media }] }, ASK);
    const couponIds = await this.acquire(holderId, offers);
    return { holderId, couponIds, point: tokenized(pointCard), credit: tokenized(creditCard) };
  }

  async acquire(holderId: string, offers: OfferApprovedV1[]): Promise<string[]> {
    return offers.length === 0 ? [] : this.acquireAs(this.anAcquisition(holderId, offers));
  }

  async acquireAs(acquisition: Acquisition): Promise<string[]> {
    const { coupons } = await this.operator.request(AcquireCouponsV1, acquisition, ASK);
    return coupons.map(({ couponId }) => couponId);
  }

  anAcquisition(holderId: string, offers: OfferApprovedV1[]): Acquisition {
    const offerIds = offers.map(({ offerId }) => offerId);
    return { acquisitionId: uuidv7(), holderId, channel: 'mobile', acquiredAt: PRESENTED_AT, offerIds };
  }

  reserve(options: Parameters<typeof aReserve>[0]): Promise<ReserveAnswer> {
    return this.reserveAs(aReserve(options));
  }

  reserveAs(request: ReserveRequest): Promise<ReserveAnswer> {
    return this.relay.request(ReserveCouponsV1, request, ASK);
  }

  /** The scan of a code, which is final at once. */
  useAs(request: UseRequest): Promise<ReserveAnswer> {
    return this.barcode.request(UseCouponsV1, request, ASK);
  }

  scanRolledBack({ settlementId, scan: { scanId }, storeId }: UseRequest): Promise<string> {
    const payload = { settlementId, scanId, storeId, couponIds: [], rolledBackAt: PRESENTED_AT };
    return this.publish(ScanRolledBackV1, payload);
  }

  /** Tells the registry that a settlement was granted with these coupons of its answer. */
  granted(answer: ReserveAnswer, couponIds: readonly string[], eventId?: string): Promise<string> {
    return this.publish(SettlementGrantedV1, grantOf(answer, couponIds), eventId);
  }

  abandoned(settlementId: string): Promise<string> {
    const payload = { settlementId, relay: 'sim', reason: 'timeout', abandonedAt: PRESENTED_AT };
    return this.publish(SettlementAbandonedV1, payload);
  }

  rolledBack(settlementId: string, couponIds: string[]): Promise<string> {
    const payload = {
      settlementId,
      relay: 'sim',
      reason: 'cancelled' as const,
      couponIds,
      rolledBackAt: PRESENTED_AT,
    };
    return this.publish(SettlementRolledBackV1, payload);
  }

  /** Resolves when the registry has committed the effect of an event. */
  async taken(eventId: string): Promise<void> {
    await until(async () => {
      const { rowCount } = await this.pool.query('SELECT FROM inbox WHERE event_id = $1', [eventId]);
      return rowCount === 1;
    });
  }

  /** The coupon of a holder as stored, with how its offer was used by him. */
  async couponState(couponId: string): Promise<{ usesLeft: number; held: number; used: number }> {
    const { rows } = await this.pool.query<{ usesLeft: number; held: number; used: number }>(
      `SELECT uses_left AS "usesLeft", coalesce(held, 0) AS held, coalesce(used, 0) AS used
       FROM coupon LEFT JOIN coupon_usage USING (holder_id, offer_id) WHERE coupon_id = $1`,
      [couponId],
    );
    return rows[0]!;
  }

  /** The answer kept for a settlement; before there is one, nothing found. */
  async storedAnswer({ settlementId }: ReserveRequest): Promise<ReserveAnswer> {
    const { rows } = await this.pool.query<{ answer: z.input<typeof ReserveCouponsV1.reply> | null }>(
      'SELECT answer FROM reservation_set WHERE settlement_id = $1',
      [settlementId],
    );
    const answer = rows[0]?.answer;
    return answer
      ? ReserveCouponsV1.reply.decode(answer)
      : { settlementId, couponSearch: 'none', discount: 0n, coupons: [], refused: [] };
  }

  /** Delivers every event of settlement-relay once more, as to a consumer that is rebuilt, until all are taken. */
  async redeliver(): Promise<void> {
    const manager = await jetstreamManager(this.connection);
    const stream = eventStreamName('settlement-relay');
    const messages = await this.messagesOf(stream);
    await manager.streams.purge(stream);
    for (const { subject, data, header } of messages) {
      const again = headers();
      for (const [name, values] of header) {
        if (name !== 'Nats-Msg-Id') for (const value of values) again.append(name, value);
      }
      this.connection.publish(subject, data, { headers: again });
    }
    await until(async () => {
      const { num_pending, num_ack_pending } = await manager.consumers.info(stream, 'medium-registry');
      const { state } = await manager.streams.info(stream);
      return state.messages === messages.length && num_pending === 0 && num_ack_pending === 0;
    });
  }

  /** Answers `claim-code` of one code as issuance would, in plain NATS; undefined is no answer. */
  answerClaims(
    code: string,
    answer: (claimId: string) => { outcome: 'claimed'; offerId: string } | Refused | undefined,
  ): { stop: () => void } {
    const subscription = this.connection.subscribe(`${ClaimCodeV1.subject}.medium-registry`, {
      callback: (_, message) => {
        const claim = message.json<{ claimId: string; code: string }>();
        const reply = claim.code === code ? answer(claim.claimId) : undefined;
        if (reply) message.respond(JSON.stringify(reply));
      },
    });
    return { stop: () => subscription.unsubscribe() };
  }

  /** Answers `resolve` for one settlement, in plain NATS; undefined is no answer. */
  answerResolve(
    settlementId: string,
    answer: () => { decision: string; couponIds: string[] } | undefined,
  ): { asked: () => number; stop: () => void } {
    let asked = 0;
    const subscription = this.connection.subscribe(`${ResolveV1.subject}.medium-registry`, {
      callback: (_, message) => {
        if (message.json<{ settlementId: string }>().settlementId !== settlementId) return;
        asked += 1;
        const reply = answer();
        if (reply) message.respond(JSON.stringify({ settlementId, ...reply }));
      },
    });
    return { asked: () => asked, stop: () => subscription.unsubscribe() };
  }

  /** As if everything but the inbox had lost the end of this settlement: `times` 1 opens it again, -1 ends it again. */
  async reopen(settlementId: string, times: 1 | -1): Promise<void> {
    const values = [settlementId, times === 1 ? 'reserved' : 'consumed'];
    await this.pool.query('UPDATE reservation_set SET state = $2 WHERE settlement_id = $1', values);
    await this.pool.query(
      `WITH opened AS (UPDATE reservation SET state = $2 WHERE settlement_id = $1 RETURNING holder_id, offer_id)
       UPDATE coupon_usage u SET held = held + $3 FROM opened o
       WHERE u.holder_id = o.holder_id AND u.offer_id = o.offer_id`,
      [...values, times],
    );
  }

  async deadlocks(): Promise<bigint> {
    const { rows } = await this.pool.query<{ deadlocks: bigint }>(
      'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()',
    );
    return rows[0]!.deadlocks;
  }

  /** Everything the counters disagree about with the reservations they count; empty when the books balance. */
  async unbalanced(): Promise<unknown[]> {
    const { rows } = await this.pool.query(`
      WITH taken AS (
        SELECT * FROM reservation WHERE state IN ('reserved', 'consumed')
      ), escrow AS (
        SELECT offer_id, kind, sum(remaining) AS remaining FROM escrow_slot GROUP BY offer_id, kind
      ), limits AS (
        SELECT offer_id, 'uses' AS kind, (conditions #>> '{limits,uses}')::int8 AS most FROM offer
        UNION ALL SELECT offer_id, 'budget', (conditions #>> '{limits,budget}')::int8 FROM offer
      )
      SELECT 'coupon' AS what, c.coupon_id::text AS which FROM coupon c
        LEFT JOIN taken t USING (coupon_id) GROUP BY c.coupon_id, c.uses_left
        HAVING c.uses_left + count(t.coupon_id) <> 1
      UNION ALL SELECT 'escrow', offer_id || ' ' || kind FROM escrow JOIN limits USING (offer_id, kind)
        LEFT JOIN taken USING (offer_id) GROUP BY offer_id, kind, remaining, most
        HAVING remaining + CASE kind WHEN 'uses' THEN count(coupon_id) ELSE coalesce(sum(discount), 0) END <> most
      UNION ALL SELECT 'usage', holder_id || ' ' || offer_id FROM coupon_usage
        LEFT JOIN taken USING (holder_id, offer_id) GROUP BY holder_id, offer_id, held, used
        HAVING held <> count(*) FILTER (WHERE state = 'reserved') OR used <> count(*) FILTER (WHERE state = 'consumed')
      UNION ALL SELECT 'per holder', holder_id || ' ' || offer_id FROM coupon_usage JOIN offer USING (offer_id)
        WHERE held + used > (conditions #>> '{limits,usesPerHolder}')::int`);
    return rows;
  }

  async openReservations(settlementId: string): Promise<number> {
    const { rowCount } = await this.pool.query('SELECT FROM open_reservation WHERE settlement_id = $1', [
      settlementId,
    ]);
    return rowCount ?? 0;
  }

  async timesAsked(settlementId: string): Promise<number> {
    const { rows } = await this.pool.query<{ asked: number }>(
      'SELECT asked FROM open_reservation WHERE settlement_id = $1',
      [settlementId],
    );
    return rows[0]?.asked ?? 0;
  }

  async offersOf(holderId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ offer_id: string }>(
      'SELECT offer_id FROM coupon WHERE holder_id = $1',
      [holderId],
    );
    return rows.map(({ offer_id }) => offer_id);
  }

  private async messagesOf(stream: string): Promise<StoredMsg[]> {
    const manager = await jetstreamManager(this.connection);
    const { state } = await manager.streams.info(stream);
    const sequences = Array.from({ length: state.messages }, (_, index) => state.first_seq + index);
    const messages = await Promise.all(sequences.map((seq) => manager.streams.getMessage(stream, { seq })));
    return messages.filter((message) => message !== null);
  }

  async reservationStates(settlementId: string): Promise<string[]> {
    const { rows } = await this.pool.query<{ state: string }>(
      'SELECT state FROM reservation WHERE settlement_id = $1 ORDER BY coupon_id',
      [settlementId],
    );
    return rows.map(({ state }) => state);
  }

  async escrowLeft(offerId: string): Promise<Record<string, bigint>> {
    const { rows } = await this.pool.query<{ kind: string; left: bigint }>(
      'SELECT kind, sum(remaining)::int8 AS left FROM escrow_slot WHERE offer_id = $1 GROUP BY kind',
      [offerId],
    );
    return Object.fromEntries(rows.map(({ kind, left }) => [kind, left]));
  }

  /** Payloads of one kind that the registry has told about this settlement, search or acquisition. */
  async told(contract: EventContract, id: string): Promise<Record<string, unknown>[]> {
    const { rows } = await this.pool.query<{ payload: string }>(
      'SELECT payload FROM outbox WHERE subject = $1 AND payload LIKE $2 ORDER BY id',
      [contract.subject, `%${id}%`],
    );
    return rows.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>);
  }
}

interface Refused {
  outcome: 'refused';
  reason: string;
}

export interface Holder {
  holderId: string;
  couponIds: string[];
  point: { kind: MediumKind; token: string };
  credit: { kind: MediumKind; token: string };
}

export const ASK = { timeoutMs: 10_000 };

/** Resolves when `condition` holds; the test's own time limit is the deadline. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

function startRegistry(
  natsUrl: string,
  databaseUrl: string,
  reached: Registry['reached'],
): Promise<RunningService> {
  const config = RegistryConfig.parse({
    NATS_URL: natsUrl,
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'silent',
    TOKEN_KEY,
    PRESENTED_AT_TOLERANCE_MS: String(50 * 365 * 86_400_000),
    RESOLVE_EVERY_MS: '50',
  });
  return runService({
    service: 'medium-registry',
    config,
    module: (platform) => registryModule(platform, config, reached),
  });
}

function tokenized(medium: { kind: MediumKind; scheme?: string; id: string }): {
  kind: MediumKind;
  token: string;
} {
  return { kind: medium.kind, token: mediumToken(loadTokenKey(TOKEN_KEY), medium) };
}

function grantOf(
  { settlementId, coupons, discount }: ReserveAnswer,
  couponIds: readonly string[],
): SettlementGrantedV1 {
  return {
    settlementId,
    attemptId: uuidv7(),
    relay: 'sim',
    storeId: '309',
    terminalId: '4',
    presentedAt: PRESENTED_AT,
    grantedAt: PRESENTED_AT,
    purpose: 'purchase',
    currency: 'USD',
    originalAmount: 2_000n,
    discount,
    amount: 2_000n - discount,
    cardAmount: 2_000n - discount,
    strategy: 'shrink',
    couponSearch: 'found',
    coupons: coupons.filter(({ couponId }) => couponIds.includes(couponId)),
    lines: [],
  };
}

let cards = 0;

/** Passes Luhn; of the range that networks keep for tests. */
function testCardNumber(): string {
  const digits = `400000${String((cards += 1)).padStart(9, '0')}`;
  const sum = [...digits].reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}
