import { IssueCodeV1, PrintCouponV1, ProblemError, RevokeCodeV1, ShowCodeV1 } from '@couplet/contracts';
import { OnRequest } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Payload } from '@nestjs/microservices';
import type { z } from 'zod';
import type { IssuedCode } from '../domain/issued-code.ts';
import { contentFor, issue, type IssuingDeps } from './issuing.ts';
import { print } from './print.ts';
import { show } from './showing.ts';
import { ISSUING } from './tokens.ts';

/** What holders ask: bar codes for their coupons. */
@Controller()
export class CodesController {
  constructor(@Inject(ISSUING) private readonly deps: IssuingDeps) {}

  @OnRequest(IssueCodeV1)
  async issue(
    @Payload() { symbol, ...request }: z.output<typeof IssueCodeV1.request>,
  ): Promise<z.output<typeof IssueCodeV1.reply>> {
    const code = await issue({ ...request, symbology: symbol.symbology }, this.deps);
    return show(code, symbol, this.deps);
  }

  @OnRequest(ShowCodeV1)
  async show(
    @Payload() { codeId, holderId, symbol }: z.output<typeof ShowCodeV1.request>,
  ): Promise<z.output<typeof ShowCodeV1.reply>> {
    return show(await this.codeOf(codeId, holderId), symbol, this.deps);
  }

  @OnRequest(RevokeCodeV1)
  async revoke(
    @Payload() { codeId, holderId }: z.output<typeof RevokeCodeV1.request>,
  ): Promise<z.output<typeof RevokeCodeV1.reply>> {
    const revokedAt = await this.deps.codes.revoke(codeId, holderId, this.deps.now());
    if (!revokedAt) throw new ProblemError('not-found', `there is no code ${codeId}`);
    return { codeId, revokedAt: revokedAt.toISOString() };
  }

  @OnRequest(PrintCouponV1)
  async print(
    @Payload() { paper, couponId, ...request }: z.output<typeof PrintCouponV1.request>,
  ): Promise<z.output<typeof PrintCouponV1.reply>> {
    const code = await issue({ ...request, couponIds: [couponId], mode: 'single-use' }, this.deps);
    const content = contentFor(code, request.symbology, this.deps);
    const printed = await print({ code, content, symbology: request.symbology, paper });
    return { codeId: code.codeId, ...printed, expiresAt: code.expiresAt.toISOString() };
  }

  private async codeOf(codeId: string, holderId: string): Promise<IssuedCode> {
    const code = await this.deps.codes.get(codeId);
    if (code?.holderId !== holderId) throw new ProblemError('not-found', `there is no code ${codeId}`);
    return code;
  }
}
