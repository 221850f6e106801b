import { ProblemError, type ScanReason } from '@couplet/contracts';
import { Gathered, inTransaction } from '@couplet/postgres';
import type pg from 'pg';
import type { Sale, ScanCommand, ScanOutcome } from '../domain/scan.ts';
import type { Failpoint } from '../failpoints.ts';
import { decide } from './decide.ts';
import { type Decided, readDecided } from './decided.ts';
import { grantedSale } from './scan-row.ts';
import { type Decision, type Refusal, writeRefusals } from './write-scans.ts';

/** Decides scans, each once: what is written first stands. Those that come together are decided by one transaction. */
export class Scans {
  private readonly decisions = new Gathered((batch: readonly Decision[]) => this.decideAll(batch));
  private readonly refusals = new Gathered((batch: readonly Refusal[]) => this.refuseAll(batch));
  private readonly questions = new Gathered((batch: readonly ScanCommand[]) => readDecided(this.pool, batch));

  constructor(
    private readonly pool: pg.Pool,
    private readonly clock: () => Date,
    private readonly reached: (failpoint: Failpoint) => void,
  ) {}

  /**
   * The point of no return: the grant, the use of the code and the event of it, in one commit.
   *
   * @throws ProblemError `attempt-conflict` if the scanId was used for another body
   */
  async grant(command: ScanCommand, sale: Sale): Promise<ScanOutcome> {
    const decision = { command, sale: grantedSale(command, sale), step: sale.step };
    return outcomeFor(command, await this.decisions.do(decision))!;
  }

  /** @throws ProblemError as `grant` does */
  async hold(command: ScanCommand, sale: Sale, confirmBy: Date): Promise<ScanOutcome> {
    const decision = { command, sale: grantedSale(command, sale), step: sale.step, confirmBy };
    return outcomeFor(command, await this.decisions.do(decision))!;
  }

  /** Nothing is reserved for it. @throws ProblemError as `grant` does */
  async refuse(command: ScanCommand, codeId: string, reason: ScanReason): Promise<ScanOutcome> {
    return outcomeFor(command, await this.refusals.do({ command, codeId, reason }))!;
  }

  /** What was decided of a scan before. @throws ProblemError as `grant` does */
  async decided(command: ScanCommand): Promise<ScanOutcome | undefined> {
    return outcomeFor(command, await this.questions.do(command));
  }

  private async decideAll(batch: readonly Decision[]): Promise<Decided[]> {
    const now = this.clock();
    const decided = await inTransaction(this.pool, async (client) => {
      const outcomes = await decide(client, batch, now);
      this.reached('barcode.scan.before-commit');
      return outcomes;
    });
    this.reached('barcode.scan.after-commit');
    return decided;
  }

  private async refuseAll(batch: readonly Refusal[]): Promise<Decided[]> {
    const written = await writeRefusals(this.pool, batch);
    const known = batch.flatMap(({ command }) => (written.has(command.settlementId) ? [] : [command]));
    const decided = (await readDecided(this.pool, known)).values();
    return batch.map(({ command, reason }) =>
      written.has(command.settlementId) ? { state: 'refused', reason } : decided.next().value,
    );
  }
}

function outcomeFor({ request }: ScanCommand, decided: Decided): ScanOutcome | undefined {
  if (decided !== 'conflict') return decided;
  throw new ProblemError('attempt-conflict', `scan ${request.scanId} was made with another body`);
}
