/** What plans read tables whole with. */
const METHODS = ['enable_seqscan', 'enable_hashjoin', 'enable_mergejoin'];

/**
 * For a migration of a service whose every statement finds some hundred rows by key. A plan that was made while a table was
 * small would read all of it, and still does when it has grown: plans are made again only after the table is analyzed. Set for
 * the role of the service, from its next connection on.
 *
 * What is joined with the rows of a parameter needs one thing more: a table that is known to be empty comes first in a join, and
 * so is read whole. Either each row is looked up by itself (`CROSS JOIN LATERAL (SELECT … OFFSET 0)`), or the key has a condition
 * of its own (`key = ANY ($1)`, which looks as if the join said it already): then there is nothing else to read, whatever comes
 * first. `wholeReads` of `@couplet/infra` finds what has neither.
 */
export const FIND_BY_KEY = METHODS.map((method) => `ALTER ROLE CURRENT_USER SET ${method} = off;`).join(' ');

/** Takes {@link FIND_BY_KEY} back. */
export const FIND_FREELY = METHODS.map((method) => `ALTER ROLE CURRENT_USER RESET ${method};`).join(' ');
