const QUERY_LENGTH = 110;

/** Where the time goes. */
export function profileText({ services, statements }) {
  const percent = (share) => `${(100 * share).toFixed(1).padStart(5)} %`;
  const ofServices = Object.entries(services).flatMap(([name, { busyMs, parts, functions }]) => [
    `${name}: busy ${Math.round(busyMs)} ms`,
    ...parts.map((one) => `  ${percent(one.share)}  ${one.name}`),
    '  of these',
    ...functions.map((one) => `  ${percent(one.share)}  ${one.name}`),
    '',
  ]);
  const ofStatements = statements.map(
    ({ role, calls, totalMs, query }) =>
      `  ${totalMs.toFixed(0).padStart(7)} ms ${String(calls).padStart(8)} × ${(totalMs / calls).toFixed(3)} ms  ${role}: ${query.slice(0, QUERY_LENGTH)}`,
  );
  return [...ofServices, 'Statements that took most time in PostgreSQL', ...ofStatements].join('\n');
}
