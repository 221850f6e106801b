/** A case asks for what the engine's model has no word for. */
export class NotExpressible extends Error {
  override readonly name = 'NotExpressible';
}

/** Expected and got of one field of a case. */
export interface Check {
  field: string;
  expected: unknown;
  got: unknown;
}

export function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
