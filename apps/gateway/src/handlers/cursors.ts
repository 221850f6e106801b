import { HttpProblemError } from '@couplet/contracts';
import type { GatewayKeys } from '../keys.ts';

type Position = string | number;

/** Positions in lists as clients see them: opaque, and good only for whom and for what they were made. */
export class Cursors {
  constructor(private readonly keys: GatewayKeys) {}

  /** @param scope whose list it is, and of what */
  write(scope: string, position: Position): string {
    const text = JSON.stringify(position);
    return `${Buffer.from(text).toString('base64url')}.${this.keys.sign('cursor', `${scope} ${text}`)}`;
  }

  /** @throws HttpProblemError `invalid-request` for a cursor that this list did not give */
  read(scope: string, cursor: string): Position {
    const [position = '', signature = ''] = cursor.split('.');
    const text = Buffer.from(position, 'base64url').toString();
    if (this.keys.signatures('cursor', `${scope} ${text}`).includes(signature))
      return JSON.parse(text) as Position;
    const detail = 'is not one that this list gave you';
    throw new HttpProblemError('invalid-request', `cursor: ${detail}`, undefined, [
      { field: 'cursor', detail },
    ]);
  }
}
