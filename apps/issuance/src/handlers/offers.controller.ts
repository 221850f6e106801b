import {
  ApproveOffersV1,
  EndOffersV1,
  PauseOffersV1,
  ResumeOffersV1,
  ReturnOffersV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import { OfferLife } from './offer-life.ts';

type Request<Contract extends { request: z.ZodType }> = z.output<Contract['request']>;

/** The acts of people on offers; what each does is in `domain/offer-states.ts`. */
@Controller()
export class OffersController {
  constructor(@Inject(OfferLife) private readonly life: OfferLife) {}

  @OnRequest(SubmitOffersV1)
  async submit(
    @Payload() { submittedBy, ...asked }: Request<typeof SubmitOffersV1>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<{ submitted: number }> {
    const actor = { actor: submittedBy, caller };
    return { submitted: await this.life.act({ act: 'submit', ...asked, actor, traceparent }) };
  }

  @OnRequest(ReturnOffersV1)
  async return(
    @Payload() { returnedBy, ...asked }: Request<typeof ReturnOffersV1>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<{ returned: number }> {
    const actor = { actor: returnedBy, caller };
    return { returned: await this.life.act({ act: 'return', ...asked, actor, traceparent }) };
  }

  /** Registers the approval of the generation of coupons (seed 000, claim 1(a)). */
  @OnRequest(ApproveOffersV1)
  async approve(
    @Payload() { approvedBy, ...asked }: Request<typeof ApproveOffersV1>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<{ approved: number }> {
    const actor = { actor: approvedBy, caller };
    return { approved: await this.life.act({ act: 'approve', ...asked, actor, traceparent }) };
  }

  @OnRequest(PauseOffersV1)
  async pause(
    @Payload() { pausedBy, ...asked }: Request<typeof PauseOffersV1>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<{ paused: number }> {
    const actor = { actor: pausedBy, caller };
    return { paused: await this.life.act({ act: 'pause', ...asked, actor, traceparent }) };
  }

  @OnRequest(ResumeOffersV1)
  async resume(
    @Payload() { resumedBy, ...asked }: Request<typeof ResumeOffersV1>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<{ resumed: number }> {
    const actor = { actor: resumedBy, caller };
    return { resumed: await this.life.act({ act: 'resume', ...asked, actor, traceparent }) };
  }

  @OnRequest(EndOffersV1)
  async end(
    @Payload() { endedBy, ...asked }: Request<typeof EndOffersV1>,
    @Ctx() { caller, traceparent }: RequestContext,
  ): Promise<{ ended: number }> {
    const actor = { actor: endedBy, caller };
    return { ended: await this.life.act({ act: 'end', ...asked, actor, traceparent }) };
  }
}
