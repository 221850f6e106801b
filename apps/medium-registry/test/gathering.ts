import type { EventContract, OfferApprovedV1 } from '@couplet/contracts';
import type { OutboxRelay } from '@couplet/outbox';
import { v7 as uuidv7 } from 'uuid';
import { OfferCache } from '../src/db/offers.ts';
import type { Registry } from '../src/db/registry.ts';
import { type DealSearch, Reserver } from '../src/db/reserve.ts';
import type { ReserveAnswer, ReserveRequest } from '../src/domain/reservation-plan.ts';
import type { SettlementEnd } from '../src/domain/settlement-end.ts';
import { EndApplier } from '../src/handlers/end-applier.ts';
import { countedPool, type Statement } from './counted-pool.ts';
import { type Holder, Stack } from './stack.ts';

/** The gathered work of the registry without the transport before it: what is asked at once is one batch. */
export class Gathering {
  readonly reserver: Reserver;
  readonly ends: EndApplier;

  private constructor(
    readonly stack: Stack,
    readonly counted: ReturnType<typeof countedPool>,
    readonly registry: Registry,
    deals: DealSearch,
  ) {
    this.reserver = new Reserver(registry, deals);
    this.ends = new EndApplier(registry, { wake: () => undefined } as unknown as OutboxRelay);
  }

  static async start(): Promise<Gathering> {
    const stack = await Stack.start();
    return Gathering.on(stack, countedPool(stack.databaseUrl));
  }

  /** Another process of the service, as far as the database can tell. */
  replica(deals?: DealSearch): Gathering {
    return Gathering.on(this.stack, this.counted, deals);
  }

  async stop(): Promise<void> {
    await this.counted.pool.end();
    await this.stack.stop();
  }

  reserve(requests: readonly ReserveRequest[]): Promise<ReserveAnswer[]> {
    return Promise.all(requests.map((request) => this.reserver.reserve(request, 'settlement-relay', NEVER)));
  }

  async end(ended: readonly Ended[]): Promise<void> {
    await Promise.all(
      ended.map((one) => this.ends.apply({ ...one, eventId: uuidv7(), step: 'granted' as const })),
    );
  }

  holders(count: number, ...offers: OfferApprovedV1[]): Promise<Holder[]> {
    return Promise.all(Array.from({ length: count }, () => this.stack.holder(...offers)));
  }

  /** What it took to do the work. */
  async ranBy<Result>(work: () => Promise<Result>): Promise<{ result: Result; ran: Statement[] }> {
    const before = this.counted.ran.length;
    const result = await work();
    return { result, ran: this.counted.ran.slice(before) };
  }

  /** How many events of one kind were told about these settlements. */
  async told(contract: EventContract, of: readonly { settlementId: string }[]): Promise<number> {
    const events = await Promise.all(of.map(({ settlementId }) => this.stack.told(contract, settlementId)));
    return events.flat().length;
  }

  private static on(
    stack: Stack,
    counted: ReturnType<typeof countedPool>,
    deals: DealSearch = { find: () => Promise.resolve(undefined) },
  ): Gathering {
    const registry = { pool: counted.pool, offers: new OfferCache(), reached: () => undefined };
    return new Gathering(stack, counted, registry, deals);
  }
}

/** As long as it takes. */
export const NEVER = Infinity;

export interface Ended {
  settlementId: string;
  end: SettlementEnd;
}

export function granted({ settlementId, coupons }: ReserveAnswer): Ended {
  return { settlementId, end: { kind: 'granted', couponIds: coupons.map(({ couponId }) => couponId) } };
}

export function abandoned({ settlementId }: { settlementId: string }): Ended {
  return { settlementId, end: { kind: 'abandoned' } };
}

export function rolledBack({ settlementId }: { settlementId: string }): Ended {
  return { settlementId, end: { kind: 'rolled-back', keptCouponIds: [], at: '2026-05-10T12:00:00Z' } };
}

export function isFound({ couponSearch }: ReserveAnswer): boolean {
  return couponSearch === 'found';
}

export function offOf(productId: string) {
  return { terms: { requires: [{ productIds: [productId], quantity: 1 }] } };
}
