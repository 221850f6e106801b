import {
  ConfirmScanV1,
  EligibleProductsV1,
  ProblemError,
  PROBLEMS,
  ResolveScanV1,
  ScanCodeV1,
  type ScanReply,
  type ScanRequest,
  ScanStatusV1,
  UploadScansV1,
  VoidScanV1,
} from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import type { OutboxRelay } from '@couplet/outbox';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { eligibleProducts } from './eligible-products.ts';
import { answerScan, replyOf, type ScanningDeps } from './scanning.ts';
import { OUTBOX, SCANNING } from './tokens.ts';

type UploadReply = z.output<typeof UploadScansV1.reply>;

/** What stores ask: is this code valid, for what, and how much is off. */
@Controller()
export class ScansController {
  constructor(
    @Inject(SCANNING) private readonly deps: ScanningDeps,
    @Inject(OUTBOX) private readonly outbox: OutboxRelay,
  ) {}

  @OnRequest(EligibleProductsV1)
  eligible(
    @Payload() request: z.output<typeof EligibleProductsV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof EligibleProductsV1.reply>> {
    return eligibleProducts(caller, request, this.deps);
  }

  @OnRequest(ScanCodeV1)
  async scan(@Payload() request: ScanRequest, @Ctx() { caller }: RequestContext): Promise<ScanReply> {
    const reply = await answerScan(caller, request, this.deps);
    this.outbox.wake();
    return reply;
  }

  @OnRequest(UploadScansV1)
  async upload(
    @Payload() { scans }: z.output<typeof UploadScansV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<UploadReply> {
    const answered: UploadReply['scans'] = [];
    // One after the other, as they were made: of two scans of one code the earlier one is to win.
    for (const request of scans) answered.push(await this.uploadOne(caller, request));
    this.outbox.wake();
    return { scans: answered };
  }

  @OnRequest(ConfirmScanV1)
  async confirm(
    @Payload() { storeId, scanId }: z.output<typeof ConfirmScanV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof ConfirmScanV1.reply>> {
    const outcome = await this.deps.ends.confirm({ caller, storeId, scanId });
    this.outbox.wake();
    return { scanId, outcome };
  }

  @OnRequest(VoidScanV1)
  async void(
    @Payload() { storeId, scanId }: z.output<typeof VoidScanV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof VoidScanV1.reply>> {
    await this.deps.ends.void({ caller, storeId, scanId });
    this.outbox.wake();
    return { scanId, outcome: 'voided' };
  }

  @OnRequest(ScanStatusV1)
  async status(
    @Payload() { storeId, scanId }: z.output<typeof ScanStatusV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof ScanStatusV1.reply>> {
    const outcome = await this.deps.ends.status({ caller, storeId, scanId });
    if (!outcome) return { scanId, state: 'unknown' };
    return { scanId, state: outcome.state, reply: replyOf({ request: { scanId } }, outcome) };
  }

  @OnRequest(ResolveScanV1)
  async resolve(
    @Payload() { settlementId }: z.output<typeof ResolveScanV1.request>,
  ): Promise<z.output<typeof ResolveScanV1.reply>> {
    const end = await this.deps.ends.resolve(settlementId);
    this.outbox.wake();
    return { settlementId, ...end };
  }

  private async uploadOne(caller: string, request: ScanRequest): Promise<UploadReply['scans'][number]> {
    const { scanId } = request;
    try {
      return { scanId, reply: await answerScan(caller, { ...request, finish: 'immediate' }, this.deps) };
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      const { code, message } = error;
      return { scanId, problem: { code, detail: message, retryable: PROBLEMS[code].retryable } };
    }
  }
}
