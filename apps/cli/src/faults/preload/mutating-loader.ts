import type { InitializeHook, LoadHook } from 'node:module';

/** One change of compiled code. */
export interface Mutation {
  /** End of the path of the module. */
  module: string;
  /** What must be there, exactly once. */
  from: string;
  to: string;
}

let mutations: readonly Mutation[] = [];

export const initialize: InitializeHook<readonly Mutation[]> = (data) => {
  mutations = data;
};

/** @throws if a snippet is not there: then the code has changed and the mutation must follow */
export const load: LoadHook = async (url, context, nextLoad) => {
  const loaded = await nextLoad(url, context);
  const ofModule = mutations.filter(({ module }) => url.endsWith(module));
  if (ofModule.length === 0) return loaded;
  const source = ofModule.reduce(replaced, String(loaded.source));
  process.stdout.write(`{"msg":"mutated","url":"${url}"}\n`);
  return { ...loaded, source };
};

function replaced(source: string, { module, from, to }: Mutation): string {
  if (source.split(from).length !== 2) throw new Error(`${module} does not hold exactly once: ${from}`);
  return source.replace(from, () => to);
}
