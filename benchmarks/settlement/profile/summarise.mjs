/**
 * Where a CPU profile spent its time.
 *
 * @param profile as V8 writes it
 * @returns `busyMs`, shares of it by part (a package, Node, garbage collection), and the functions that took most
 */
export function summarise({ nodes, samples, timeDeltas }, functionsMax = 12) {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const parts = new Map();
  const functions = new Map();
  let busyUs = 0;
  samples.forEach((id, n) => {
    const { callFrame } = byId.get(id);
    if (NOT_WORK.includes(callFrame.functionName) && callFrame.url === '') return;
    const us = Math.max(0, timeDeltas[n]);
    busyUs += us;
    grow(parts, partOf(callFrame), us);
    grow(functions, placeOf(callFrame), us);
  });
  const shares = (map, max) =>
    [...map]
      .sort((a, b) => b[1] - a[1])
      .slice(0, max)
      .map(([name, us]) => ({ name, share: us / busyUs }));
  return {
    busyMs: busyUs / 1_000,
    parts: shares(parts, functionsMax),
    functions: shares(functions, functionsMax),
  };
}

/** Waiting, and the profiler's own beginning. */
const NOT_WORK = ['(idle)', 'dispatch'];

function grow(map, key, by) {
  map.set(key, (map.get(key) ?? 0) + by);
}

function partOf({ functionName, url }) {
  if (url === '') return functionName.startsWith('(') ? functionName : `native ${functionName}`;
  if (url.startsWith('node:')) return 'Node';
  const installed = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url);
  return installed?.[1] ?? /(?:apps|libs)\/[^/]+/.exec(url)?.[0] ?? url;
}

function placeOf({ functionName, url, lineNumber }) {
  const name = functionName || 'anonymous';
  if (url === '') return name;
  return `${name} (${url.replace(/^.*\/(?=node_modules|apps|libs)/, '').replace('node_modules/', '')}:${lineNumber + 1})`;
}
