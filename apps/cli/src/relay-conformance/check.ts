import type { Capabilities } from '@couplet/contracts';
import type { Conversation } from './conversation.ts';

/** One thing that a relay must do. */
export interface Check {
  /** Unique. */
  readonly name: string;
  /** Where it is written: a cell of the network table, a failure row, a contract. */
  readonly rule: string;
  /** Played only where it is declared; of several, one is enough. */
  readonly needs?: readonly (keyof Capabilities)[];
  /** Played only where it is not declared. */
  readonly without?: keyof Capabilities;
  /** @throws Finding, CannotPlay */
  play(relay: Conversation): Promise<void>;
}
