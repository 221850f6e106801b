import path from 'node:path';
import { type Program, PROGRAMS } from '@couplet/contracts';
import { startProcess, type RunningProcess } from '@couplet/infra';
import { WORKSPACE } from '../workspace.ts';

/** A service that crashes on every start must not keep the demo busy for ever. */
const RESTARTS_MAX = 20;

/** The programs of a topology, each `apps/<name>/dist/main.js` in a process of its own. */
export class ServiceProcesses {
  private readonly running = new Map<Program, RunningProcess>();

  /** @param environmentOf everything a service is told */
  constructor(
    private readonly environmentOf: (name: Program) => Record<string, string>,
    private readonly logDirectory?: string,
  ) {}

  async startAll(): Promise<void> {
    await Promise.all(PROGRAMS.map((name) => this.start(name)));
  }

  /** Started again by itself when it crashes. */
  start(name: Program): Promise<RunningProcess> {
    return this.startWith(name, {}, RESTARTS_MAX);
  }

  /** With further settings, and not started again by itself. */
  startOnce(name: Program, settings: Record<string, string>): Promise<RunningProcess> {
    return this.startWith(name, settings, 0);
  }

  of(name: Program): RunningProcess {
    const running = this.running.get(name);
    if (!running) throw new Error(`${name} is not running`);
    return running;
  }

  async stop(name: Program): Promise<void> {
    await this.running.get(name)?.stop();
    this.running.delete(name);
  }

  /** Ends it as a power cut would; it is not started again by itself. */
  async crash(name: Program): Promise<void> {
    await this.running.get(name)?.stop(0);
    this.running.delete(name);
  }

  async stopAll(): Promise<void> {
    await Promise.all(PROGRAMS.map((name) => this.stop(name)));
  }

  private async startWith(
    name: Program,
    settings: Record<string, string>,
    restartOnCrash: number,
  ): Promise<RunningProcess> {
    await this.stop(name);
    const running = await startProcess({
      name,
      args: ['--enable-source-maps', path.join('apps', name, 'dist', 'main.js')],
      cwd: WORKSPACE,
      env: { ...this.environmentOf(name), ...settings },
      restartOnCrash,
      ...(this.logDirectory && { logDirectory: this.logDirectory }),
    });
    this.running.set(name, running);
    return running;
  }
}
