import { type PresentedMedium, ProblemError, type TokenizedMedium } from '@couplet/contracts';
import { InvalidMediumError, mediumToken, type TokenKey } from '@couplet/medium-id';

/** Where numbers of media end: past this only their tokens go on. */
export class MediumTokens {
  constructor(private readonly key: TokenKey) {}

  /**
   * @param path where the medium stands in the request, for the problem
   * @throws ProblemError `invalid-request` if the number does not fit its kind; it never repeats the number
   */
  of({ kind, scheme, id, token }: PresentedMedium, path: string): TokenizedMedium {
    if (id === undefined) return { kind, token: token! };
    try {
      return { kind, token: mediumToken(this.key, { kind, scheme, id }) };
    } catch (error) {
      if (!(error instanceof InvalidMediumError)) throw error;
      const { field, message } = error;
      throw new ProblemError('invalid-request', message, [{ field: `${path}.${field}`, detail: message }], {
        cause: error,
      });
    }
  }
}
