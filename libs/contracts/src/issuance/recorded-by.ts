import { Name } from '../values.ts';

/** Who makes a change, in the audit trail. */
export const RecordedBy = Name.optional().describe('The person, for the audit trail. Absent: the caller.');
