import { ProblemError, type ScanReason } from '@couplet/contracts';
import { Gathered, inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { Asked, CodeUse, Sale, ScanCommand, ScanOutcome, Verdict } from '../domain/scan.ts';
import type { Failpoint } from '../failpoints.ts';
import { decide } from './decide.ts';
import { type Decided, readDecided } from './decided.ts';
import { grantedSale } from './scan-row.ts';
import { type Finishing, type Refusal, type Wanting, writeFinished, writeRefusals } from './write-scans.ts';

/** Decides scans, each once: what is written first stands. Those that come together are decided by one transaction. */
export class Scans {
  private readonly wanting = new Gathered((batch: readonly Wanting[]) => this.wantAll(batch));
  private readonly finishing = new Gathered((batch: readonly Finishing[]) => this.finishAll(batch));
  private readonly refusals = new Gathered((batch: readonly Refusal[]) => this.refuseAll(batch));
  private readonly questions = new Gathered((batch: readonly ScanCommand[]) => readDecided(this.pool, batch));

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: () => Date,
    private readonly reached: (failpoint: Failpoint) => void,
  ) {}

  /**
   * Writes down, in one commit, that the scan uses its code and is about to ask for its coupons.
   *
   * @throws ProblemError `attempt-conflict` if the scanId was used for another body
   */
  async ask(command: ScanCommand, codeUse: CodeUse): Promise<ScanOutcome | Asked> {
    return outcomeFor(command, await this.wanting.do({ command, codeUse }))!;
  }

  /** What came of a scan that asked: the point of no return, if nobody has ended it meanwhile. @throws ProblemError as `ask` does */
  async finish(command: ScanCommand, verdict: Verdict): Promise<ScanOutcome> {
    const stored = 'sale' in verdict ? { sale: grantedSale(command, verdict.sale) } : verdict;
    return final(outcomeFor(command, await this.finishing.do({ command, verdict: stored })));
  }

  /** Keeps what is reserved for its store to confirm. @throws ProblemError as `ask` does */
  async hold(
    command: ScanCommand,
    sale: Sale,
    { step, confirmBy }: { step: number; confirmBy: Date },
  ): Promise<ScanOutcome> {
    const held = { sale: grantedSale(command, sale), confirmBy };
    const codeUse = { codeId: sale.codeId, step };
    return final(outcomeFor(command, await this.wanting.do({ command, codeUse, held })));
  }

  /** Nothing is reserved for it. @throws ProblemError as `ask` does */
  async refuse(command: ScanCommand, codeId: string, reason: ScanReason): Promise<ScanOutcome | Asked> {
    return outcomeFor(command, await this.refusals.do({ command, codeId, reason }))!;
  }

  /** What was decided of a scan before. @throws ProblemError as `ask` does */
  async decided(command: ScanCommand): Promise<ScanOutcome | Asked | undefined> {
    return outcomeFor(command, await this.questions.do(command));
  }

  private async wantAll(batch: readonly Wanting[]): Promise<Decided[]> {
    const now = this.clock();
    const verbs = new Set(batch.map(({ held }) => (held ? 'scan' : 'ask')));
    const decided = await inTransaction(this.pool, async (client) => {
      const outcomes = await decide(client, batch, now);
      for (const verb of verbs) this.reached(`barcode.${verb}.before-commit`);
      return outcomes;
    });
    for (const verb of verbs) this.reached(`barcode.${verb}.after-commit`);
    return decided;
  }

  private async finishAll(batch: readonly Finishing[]): Promise<Decided[]> {
    this.reached('barcode.scan.before-commit');
    // Of a scan that is repeated while it waits the first counts.
    const firsts = new Map(batch.toReversed().map((one) => [one.command.settlementId, one]));
    const written = await writeFinished(this.pool, [...firsts.values()]);
    this.reached('barcode.scan.after-commit');
    return this.afterWriting(batch, written, ({ command: { settlementId } }) => {
      const { verdict } = firsts.get(settlementId)!;
      return 'sale' in verdict ? { state: 'granted', ...verdict } : { state: 'refused', ...verdict };
    });
  }

  private async refuseAll(batch: readonly Refusal[]): Promise<Decided[]> {
    const written = await writeRefusals(this.pool, batch);
    return this.afterWriting(batch, written, ({ reason }) => ({ state: 'refused', reason }));
  }

  /** What was not written was decided before. */
  private async afterWriting<One extends { command: ScanCommand }>(
    batch: readonly One[],
    written: ReadonlySet<string>,
    outcomeOf: (one: One) => ScanOutcome,
  ): Promise<Decided[]> {
    const known = batch.flatMap(({ command }) => (written.has(command.settlementId) ? [] : [command]));
    const decided = (await readDecided(this.pool, known)).values();
    return batch.map((one) =>
      written.has(one.command.settlementId) ? outcomeOf(one) : decided.next().value,
    );
  }
}

function outcomeFor({ request }: ScanCommand, decided: Decided): ScanOutcome | Asked | undefined {
  if (decided !== 'conflict') return decided;
  throw new ProblemError('attempt-conflict', `scan ${request.scanId} was made with another body`);
}

/** A scan that was written down is decided once it is finished. */
function final(outcome: ScanOutcome | Asked | undefined): ScanOutcome {
  if (!outcome || outcome.state === 'asked') throw new Error('a scan that was finished is not decided');
  return outcome;
}
