/**
 * The way in: `npm run demo`, `npm test`, `npm run check` and others on a fresh clone with nothing but Node.
 *
 * No static imports: an old Node must get as far as the message below.
 */
const WANTED = [20, 19];
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < WANTED[0] || (major === WANTED[0] && minor < WANTED[1])) {
  console.error(
    `Couplet needs Node ${WANTED.join('.')} or newer; this is ${process.version}. See https://nodejs.org`,
  );
  process.exit(1);
}
import('./run/commands.mjs').then(({ main }) => main(process.argv.slice(2)));
