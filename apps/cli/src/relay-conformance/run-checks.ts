import { Capabilities, CapabilitiesV1 } from '@couplet/contracts';
import type { Check } from './check.ts';
import { INSPECT_CHECKS, OTHER_CHECKS } from './checks/all.ts';
import { Conversation, shown, type Terms } from './conversation.ts';
import { CannotPlay, Finding } from './finding.ts';
import type { Wire } from './wire.ts';

export type Result = { readonly name: string; readonly rule: string } & (
  | { readonly verdict: 'passed' }
  | { readonly verdict: 'skipped'; readonly because: string }
  | { readonly verdict: 'failed'; readonly sent: string; readonly expected: string; readonly got: string }
);

const ANSWERS: Pick<Check, 'name' | 'rule'> = {
  name: 'capabilities are told',
  rule: 'network.capabilities.v1: settlement-relay settles nothing through a relay that does not tell them',
};

/**
 * Plays every check, one after another, each with ids of its own.
 *
 * @param onResult as each is known
 */
export async function runChecks(
  wire: Wire,
  terms: Omit<Terms, 'inspectable'>,
  onResult: (result: Result) => void,
): Promise<Result[]> {
  const results: Result[] = [];
  const add = (result: Result) => {
    results.push(result);
    onResult(result);
  };
  const capabilities = await declared(wire, add);
  if (!capabilities) return results;
  const play = async (check: Check, inspectable: boolean) =>
    add(await judge(check, new Conversation(wire, { ...terms, inspectable }, capabilities)));
  for (const check of INSPECT_CHECKS) await play(check, true);
  const inspectable = results.every(({ verdict }) => verdict !== 'failed');
  for (const check of OTHER_CHECKS) await play(check, inspectable);
  return results;
}

async function declared(wire: Wire, add: (result: Result) => void): Promise<Capabilities | undefined> {
  const answer = await wire.ask(CapabilitiesV1, {});
  const told = answer.kind === 'reply' ? Capabilities.safeParse(JSON.parse(answer.text)) : undefined;
  if (told?.success) {
    add({ ...ANSWERS, verdict: 'passed' });
    return told.data;
  }
  const expected = 'a reply that fits network.capabilities.v1; the other checks need it';
  add({ ...ANSWERS, verdict: 'failed', sent: 'capabilities {}', expected, got: shown(answer) });
  return undefined;
}

async function judge(check: Check, relay: Conversation): Promise<Result> {
  const { name, rule } = asDeclared(check, relay.capabilities);
  const because = notDeclared(check, relay.capabilities);
  if (because) return { name, rule, verdict: 'skipped', because };
  try {
    await check.play(relay);
    return { name, rule, verdict: 'passed' };
  } catch (error) {
    if (error instanceof CannotPlay) return { name, rule, verdict: 'skipped', because: error.message };
    if (!(error instanceof Finding)) throw error;
    const { sent, expected, got } = error;
    return { name, rule, verdict: 'failed', sent, expected, got };
  } finally {
    await relay.cleanUp();
  }
}

/** Where the table lets a relay choose, it has chosen by what it declares. */
function asDeclared({ name, rule, needs = [] }: Check, capabilities: Capabilities) {
  const declared = needs.filter((capability) => capabilities[capability]);
  return { name, rule: declared.length > 0 ? `${rule}; it declares ${declared.join(' and ')}` : rule };
}

function notDeclared({ needs, without }: Check, capabilities: Capabilities): string | undefined {
  if (needs && !needs.some((capability) => capabilities[capability])) {
    return `it does not declare ${needs.join(' or ')}`;
  }
  return without && capabilities[without] ? `it declares ${without}` : undefined;
}
