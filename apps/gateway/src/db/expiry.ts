import type { SignInRepository } from './sign-in.repository.ts';

const EVERY_MS = 60_000;

/** Forgets what is over: nobody is let in by it any more, so it only takes room. */
export class Expiry {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly signIns: SignInRepository,
    private readonly logger: { warn(fields: object): void },
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => {
      this.running = this.forget();
    }, EVERY_MS);
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.running;
  }

  private async forget(): Promise<void> {
    try {
      await this.signIns.removeExpired(new Date());
    } catch (error) {
      this.logger.warn({ msg: 'cannot forget what is over; trying again in a minute', error });
    }
  }
}
