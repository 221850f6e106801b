/** The data folder cannot be used as it is; the message names the file, the line where there is one, and what to do. */
export class DataError extends Error {
  override readonly name = 'DataError';
}
