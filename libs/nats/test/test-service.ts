import 'reflect-metadata';
import {
  CapabilitiesV1,
  ResolveV1,
  SettleV1,
  StatusV1,
  type SettleReply,
  type SettleRequest,
} from '@couplet/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { Controller, Inject, Module, type DynamicModule } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload, type MicroserviceOptions } from '@nestjs/microservices';
import type { z } from 'zod';
import {
  connectNats,
  CoupletTransport,
  EventPublisher,
  OnNetwork,
  OnRequest,
  type RequestContext,
  type TransportOptions,
} from '../src/index.ts';

const BEHAVIOUR = Symbol('behaviour');

/** What the handlers of a test do. */
export interface Behaviour {
  settle?: (body: SettleRequest, context: RequestContext) => Promise<SettleReply>;
  status?: (
    body: z.output<typeof StatusV1.request>,
    context: RequestContext,
  ) => Promise<z.output<typeof StatusV1.reply>>;
}

/** A settlement-relay; some of its requests have no handler. */
@Controller()
class TestController {
  constructor(@Inject(BEHAVIOUR) private readonly behaviour: Behaviour) {}

  @OnRequest(SettleV1)
  settle(@Payload() body: SettleRequest, @Ctx() context: RequestContext): Promise<SettleReply> {
    return this.behaviour.settle?.(body, context) ?? Promise.resolve(settleReply(body));
  }

  @OnRequest(StatusV1)
  async status(@Payload() body: z.output<typeof StatusV1.request>, @Ctx() context: RequestContext) {
    return this.behaviour.status?.(body, context) ?? { attemptId: body.attemptId, state: 'unknown' as const };
  }

  @OnRequest(ResolveV1)
  resolve(@Payload() { settlementId }: z.output<typeof ResolveV1.request>) {
    return { settlementId, decision: 'abandoned' as const, couponIds: [] };
  }
}

@Controller()
class TestNetworkController {
  @OnNetwork(CapabilitiesV1)
  capabilities() {
    return {
      shrink: true,
      finalPartialCapture: true,
      secondAuthorization: true,
      partialApproval: false,
      refund: true,
    };
  }
}

@Module({})
class TestModule {}

export interface TestService {
  readonly connection: NatsConnection;
  /** Drains what it serves and leaves the connection open. */
  stopServing(): Promise<void>;
  close(): Promise<void>;
}

export async function startTestService(
  url: string,
  behaviour: Behaviour = {},
  options: Partial<TransportOptions> = {},
): Promise<TestService> {
  const module = {
    module: TestModule,
    controllers: options.relay === undefined ? [TestController] : [TestController, TestNetworkController],
    providers: [{ provide: BEHAVIOUR, useValue: behaviour }],
  };
  return startService(url, module, { service: 'settlement-relay', ...options });
}

/** Any module on the transport, on a connection of its own unless one is given. */
export async function startService(
  url: string,
  module: DynamicModule,
  options: Omit<TransportOptions, 'connection' | 'events'> & { connection?: NatsConnection },
): Promise<TestService> {
  const connection = options.connection ?? (await connectNats({ url, name: options.service }));
  const events = new EventPublisher(connection, options.service);
  const strategy = new CoupletTransport({ ...options, connection, events });
  const app = await NestFactory.createMicroservice<MicroserviceOptions>(module, { strategy, logger: false });
  await app.listen();
  const close = async (): Promise<void> => {
    await app.close();
    await connection.drain();
  };
  return { connection, stopServing: () => app.close(), close };
}

export const SETTLE = {
  attemptId: '01890a5d-ac96-774b-bcce-b302099a8057',
  storeId: '309',
  terminalId: '4',
  presentedAt: '2017-03-26T17:22:21Z',
  payment: { kind: 'credit-card', id: '4111111111111111' },
  purpose: 'purchase',
  currency: 'USD',
  amount: 386,
  lines: [{ lineId: '1', productId: '940996', quantity: '2', unit: 'each', amount: 386, discountable: true }],
};

export function settleReply(body: SettleRequest): SettleReply {
  return {
    attemptId: body.attemptId,
    settlementId: '01890a5d-ac96-774b-bcce-b302099a8058',
    outcome: 'approved',
    currency: body.currency,
    originalAmount: body.amount,
    discount: 100n,
    amount: body.amount - 100n,
    coupons: [],
    benefits: [],
    couponSearch: 'none',
  };
}

/** Holds handlers back until a test opens it. */
export function gateOf(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => undefined;
  return { promise: new Promise<void>((done) => (resolve = done)), resolve: () => resolve() };
}
