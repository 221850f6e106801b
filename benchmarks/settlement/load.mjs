import { fork } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

const GENERATOR = path.join(import.meta.dirname, 'load', 'generator.mjs');

/** The process that makes the load. */
export class Load {
  #child;

  /** @param access of the NATS user that it asks as: `{ url, user, password }` */
  static async start(access) {
    const load = new Load();
    load.#child = fork(GENERATOR, {
      env: { PATH: process.env.PATH, LOAD_ACCESS: JSON.stringify(access) },
      serialization: 'advanced',
    });
    await once(load.#child, 'message');
    return load;
  }

  get pid() {
    return this.#child.pid;
  }

  /**
   * @param plan what to ask (`subject`, `kind`, `template`), whom from (`from`), and how: `concurrency` for a closed loop,
   *   `ratePerS` for an open one, for so many `seconds`
   * @returns what came back, and in `told` the answers themselves
   */
  async run(plan) {
    this.#child.send(plan);
    const waiting = new AbortController();
    const [{ result, failed }] = await Promise.race([
      once(this.#child, 'message', waiting),
      once(this.#child, 'exit', waiting).then(() => [{ failed: 'its process ended' }]),
    ]).finally(() => waiting.abort());
    if (failed) throw new Error(`The load failed: ${failed}`);
    const { told, ...counted } = result;
    return { told, result: counted };
  }

  stop() {
    this.#child.kill('SIGKILL');
  }
}
