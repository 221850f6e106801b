/** What is going on, for people: one line that changes on a terminal, a line now and then anywhere else. */
export class Progress {
  private shownAt = -Infinity;
  private open = false;

  constructor(
    private readonly out: NodeJS.WritableStream & { isTTY?: boolean; columns?: number },
    private readonly everyMs = out.isTTY ? 100 : 5_000,
  ) {}

  /** Something that stays. */
  line(text: string): void {
    this.clear();
    this.out.write(`${text}\n`);
  }

  /** Where a longer step is; shown as often as it is of use. */
  step(text: string): void {
    const now = performance.now();
    if (now - this.shownAt < this.everyMs) return;
    this.shownAt = now;
    this.clear();
    if (!this.out.isTTY) this.out.write(`  ${text}\n`);
    else {
      this.out.write(`  ${text}`.slice(0, (this.out.columns ?? 80) - 1));
      this.open = true;
    }
  }

  /** Takes the step away. */
  clear(): void {
    if (this.open) this.out.write('\r\u001b[2K');
    this.open = false;
  }
}
