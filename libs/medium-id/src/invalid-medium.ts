/** A number or scheme that cannot be a medium's. The message is for the caller and never repeats what was given. */
export class InvalidMediumError extends Error {
  override readonly name = 'InvalidMediumError';
  constructor(
    readonly field: 'id' | 'scheme' | 'par',
    message: string,
  ) {
    super(message);
  }
}
