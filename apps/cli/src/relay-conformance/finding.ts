/** The relay under test does not do what the contract asks. */
export class Finding extends Error {
  override readonly name = 'Finding';
  constructor(
    readonly sent: string,
    readonly expected: string,
    readonly got: string,
  ) {
    super(`expected ${expected}, got ${got}`);
  }
}

/** What a check needs could not be brought about, which another check tells. */
export class CannotPlay extends Error {
  override readonly name = 'CannotPlay';
}
