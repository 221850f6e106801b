import {
  ClaimCodeV1,
  CodeBatchStatusV1,
  ExportCodesV1,
  GenerateCodesV1,
  ImportCodesV1,
  ProblemError,
} from '@couplet/contracts';
import { OnRequest, type RequestContext } from '@couplet/nats';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, Payload } from '@nestjs/microservices';
import pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { audit } from '../db/audit.ts';
import {
  addBatch,
  codesInSpace,
  findBatch,
  lockCodeSpaces,
  openImport,
  statusOf,
} from '../db/code-batches.ts';
import { claimCode, exportCodes, importCodes } from '../db/codes.ts';
import { lockOffers } from '../db/offers.ts';
import { canonicalCode, codeSpace, fits } from '../domain/codes.ts';
import { CodeWriter } from './code-writer.ts';
import { POOL } from './tokens.ts';

type Refused = z.output<typeof ImportCodesV1.reply>['refused'][number];

/** Unique codes: made or imported for an offer, handed out elsewhere, and claimed one by one. */
@Controller()
export class CodesController {
  constructor(
    @Inject(Administration) private readonly administration: Administration,
    @Inject(POOL) private readonly pool: pg.Pool,
    @Inject(CodeWriter) private readonly writer: CodeWriter,
  ) {}

  @OnRequest(GenerateCodesV1)
  async generate(
    @Payload() batch: z.output<typeof GenerateCodesV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof GenerateCodesV1.reply>> {
    const { batchId, offerId, requestedBy, count, prefix, length, alphabet } = batch;
    const status = await this.administration.transaction(async (manager, client) => {
      await lockCodeSpaces(client);
      const known = await findBatch(client, batchId);
      if (known) {
        const asked = [offerId.toLowerCase(), 'generated', count, prefix, length, alphabet];
        const stored = [known.offer_id, known.kind, known.count, known.prefix, known.length, known.alphabet];
        if (asked.join() !== stored.join())
          throw new ProblemError('conflict', `batch ${batchId} was made otherwise`);
        return statusOf(client, known);
      }
      await mustTakeCodes(manager, offerId);
      await mustFit(client, batch);
      await addBatch(client, batch);
      const detail = { offerId, count, prefix, length, alphabet };
      await audit(manager, { actor: requestedBy, caller }, [
        { act: 'generate', subject: `codes:${batchId}`, detail },
      ]);
      return statusOf(client, (await findBatch(client, batchId))!);
    });
    this.writer.wake();
    return status;
  }

  @OnRequest(CodeBatchStatusV1)
  async status(
    @Payload() { batchId }: z.output<typeof CodeBatchStatusV1.request>,
  ): Promise<z.output<typeof CodeBatchStatusV1.reply>> {
    const batch = await findBatch(this.pool, batchId);
    if (!batch) throw new ProblemError('not-found', `there is no batch ${batchId}`);
    return statusOf(this.pool, batch);
  }

  @OnRequest(ImportCodesV1)
  async import(
    @Payload() { batchId, offerId, requestedBy, codes: typed }: z.output<typeof ImportCodesV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof ImportCodesV1.reply>> {
    const codes = typed.map((shown) => ({ shown, code: canonicalCode(shown) }));
    return this.administration.transaction(async (manager, client) => {
      await lockCodeSpaces(client);
      await mustTakeCodes(manager, offerId);
      await openImport(client, { batchId, offerId, requestedBy });
      const batch = (await findBatch(client, batchId))!;
      if (batch.kind !== 'imported' || batch.offer_id !== offerId.toLowerCase()) {
        throw new ProblemError('conflict', `batch ${batchId} was made otherwise`);
      }
      const wellFormed = codes.flatMap(({ shown, code }) => (code === undefined ? [] : [{ shown, code }]));
      const { added, foreign } = await importCodes(client, batchId, wellFormed);
      if (added.size > 0) {
        const detail = { offerId, imported: added.size };
        await audit(manager, { actor: requestedBy, caller }, [
          { act: 'import', subject: `codes:${batchId}`, detail },
        ]);
      }
      const refused = codes.flatMap(({ code }, index): Refused[] => {
        if (code === undefined) return [{ index, reason: 'malformed' }];
        return foreign.has(code) ? [{ index, reason: 'in-another-batch' }] : [];
      });
      return { imported: added.size, known: codes.length - added.size - refused.length, refused };
    });
  }

  @OnRequest(ExportCodesV1)
  async export(
    @Payload() { batchId, requestedBy, after, limit }: z.output<typeof ExportCodesV1.request>,
    @Ctx() { caller }: RequestContext,
  ): Promise<z.output<typeof ExportCodesV1.reply>> {
    if (!(await findBatch(this.pool, batchId)))
      throw new ProblemError('not-found', `there is no batch ${batchId}`);
    if (after === undefined) {
      const change = { act: 'export', subject: `codes:${batchId}` };
      await this.administration.transaction((manager) =>
        audit(manager, { actor: requestedBy, caller }, [change]),
      );
    }
    return exportCodes(this.pool, { batchId, after: after && canonicalCode(after), limit });
  }

  @OnRequest(ClaimCodeV1)
  async claim(
    @Payload() { claimId, code: typed, at }: z.output<typeof ClaimCodeV1.request>,
  ): Promise<z.output<typeof ClaimCodeV1.reply>> {
    const code = canonicalCode(typed);
    if (code === undefined) return { outcome: 'refused', reason: 'no-such-code' };
    return claimCode(this.pool, { claimId, code, at }).catch((error: unknown) => {
      if (error instanceof pg.DatabaseError && error.constraint === 'offer_code_claimed') {
        throw new ProblemError('conflict', `claim ${claimId} has claimed another code`);
      }
      throw error;
    });
  }
}

/** @throws ProblemError `not-found`, or `conflict` for an offer that gives no coupons any more */
async function mustTakeCodes(manager: EntityManager, offerId: string): Promise<void> {
  const [offer] = await lockOffers(manager, [offerId.toLowerCase()]);
  if (!offer) throw new ProblemError('not-found', `there is no offer ${offerId}`);
  if (offer.state === 'ended') throw new ProblemError('conflict', `offer ${offerId} has ended`);
}

/** @throws ProblemError `conflict` if the codes would fill more than half of their space */
async function mustFit(
  client: pg.ClientBase,
  batch: z.output<typeof GenerateCodesV1.request>,
): Promise<void> {
  const space = codeSpace(batch);
  const inUse = await codesInSpace(client, batch);
  if (fits(inUse + BigInt(batch.count), space)) return;
  throw new ProblemError(
    'conflict',
    `of ${space} codes of this shape ${inUse} are in use; ${batch.count} more would be over half. Ask for longer codes.`,
  );
}
