import type { Service } from '@couplet/contracts';
import type { Rule } from '../../referee/difference.ts';
import type { DoseContext, Healing } from '../dose.ts';
import type { Mutation } from '../preload/mutating-loader.ts';

/** What the protocol relies on, how it is taken out, and who then complains (`protocol/README.md`, section 4). */
export interface Safeguard {
  name: string;
  /** Changes that are in force with and without the safeguard: they bring about what it guards against. */
  temptation?: readonly ServiceMutation[];
  /** Taken out of compiled code … */
  without: readonly ServiceMutation[];
  /** … or of the database. */
  withoutInDatabase?: string;
  /** Breaks nothing with the safeguard, and these rules without it. */
  dose(context: DoseContext): Promise<Healing>;
  seenBy: readonly Rule[];
}

export interface ServiceMutation extends Mutation {
  service: Service;
}
