/**
 * Draws the state tables into ARCHITECTURE.md, between their markers, from the built code.
 *
 *   node scripts/draw-states.mjs            fails when a drawing is stale
 *   node scripts/draw-states.mjs --write    draws them
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(fileURLToPath(import.meta.url), '..', '..');
const page = join(root, 'ARCHITECTURE.md');
const built = (path) => import(join(root, 'apps', path));

const { SETTLEMENT } = await built('settlement-relay/dist/domain/settlement-table.js');
const { AUTHORIZATION } = await built('settlement-relay/dist/domain/authorization-table.js');
const { TRANSITIONS } = await built('medium-registry/dist/domain/reservation.js');

const drawings = {
  settlement: diagram(
    'started',
    arrows(SETTLEMENT, (next) => next),
  ),
  authorization: diagram(
    'sending',
    arrows(AUTHORIZATION, (next) => next),
  ),
  reservation: diagram(
    'unknown',
    arrows(TRANSITIONS, ({ next }) => next).filter(({ from, to }) => from !== to),
  ),
};

const text = readFileSync(page, 'utf8');
const drawn = Object.entries(drawings).reduce(redraw, text);
if (process.argv.includes('--write')) writeFileSync(page, drawn);
else if (drawn !== text) {
  console.error(
    'ARCHITECTURE.md: its state diagrams are not those of the code. Run `npm run states -- --write`',
  );
  process.exitCode = 1;
}
console.log(`${Object.keys(drawings).length} state machines drawn from the code`);

/** One arrow for every pair of states, with all that leads from one to the other. */
function arrows(table, nextOf) {
  return Object.entries(table).flatMap(([from, row]) => {
    const events = new Map();
    for (const [event, step] of Object.entries(row)) {
      const to = nextOf(step);
      events.set(to, [...(events.get(to) ?? []), event]);
    }
    return [...events].map(([to, on]) => ({ from, to, on }));
  });
}

function diagram(first, all) {
  const ended = [...new Set(all.map(({ to }) => to))].filter(
    (state) => !all.some(({ from }) => from === state),
  );
  return [
    'stateDiagram-v2',
    `  [*] --> ${id(first)}`,
    ...all.map(({ from, to, on }) => `  ${id(from)} --> ${id(to)}: ${on.join(', ')}`),
    ...ended.map((state) => `  ${id(state)} --> [*]`),
  ].join('\n');
}

/** A name with a hyphen is none to mermaid. */
function id(state) {
  return state.replaceAll('-', '_');
}

function redraw(before, [name, lines]) {
  const [start, end] = [`<!-- states: ${name} -->`, `<!-- /states: ${name} -->`];
  const [from, to] = [before.indexOf(start), before.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`ARCHITECTURE.md has no place for the states of ${name}`);
  return `${before.slice(0, from + start.length)}\n\n\`\`\`mermaid\n${lines}\n\`\`\`\n\n${before.slice(to)}`;
}
