/** Nobody listens on the subject: the request reached no one and had no effect. */
export class NoResponders extends Error {
  override readonly name = 'NoResponders';
  constructor(readonly subject: string) {
    super(`nobody answers ${subject}`);
  }
}

/** No answer in time. What the request did is UNKNOWN: it may have had its whole effect. */
export class RequestTimeout extends Error {
  override readonly name = 'RequestTimeout';
  constructor(
    readonly subject: string,
    readonly timeoutMs: number,
  ) {
    super(`no answer from ${subject} within ${timeoutMs} ms`);
  }
}
