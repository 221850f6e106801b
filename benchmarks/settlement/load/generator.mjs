/**
 * The load: a process of its own that knows nothing of Couplet but NATS and JSON. It is told over IPC what to do, one
 * thing at a time, and answers with what came back. Started by `load.mjs`.
 */
import { inboxPrefix } from '@couplet/contracts';
import { connect, createInbox } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import { Asker } from './asker.mjs';
import { closedLoop, openLoop } from './loops.mjs';

const { url, user, password } = JSON.parse(process.env.LOAD_ACCESS);
const connection = await connect({
  servers: url,
  user,
  pass: password,
  inboxPrefix: inboxPrefix(user),
  maxReconnectAttempts: -1,
  noAsyncTraces: true,
});
const asker = new Asker(connection, createInbox(inboxPrefix(user)));

process.on('message', async ({ subject, template, kind, ...plan }) => {
  try {
    const bodyOf = BODIES[kind](template);
    const ask = (n) => asker.ask(subject, JSON.stringify(bodyOf(n)));
    process.send({ result: await (plan.ratePerS ? openLoop(ask, plan) : closedLoop(ask, plan)) });
  } catch (error) {
    process.send({ failed: error.stack });
  }
});
process.on('disconnect', () => process.exit());
process.send('ready');

/** What the n-th request says, from one that says everything but what differs. */
const BODIES = {
  settle: (template) => (n) => ({
    ...template.body,
    attemptId: randomUUID(),
    presentedAt: new Date().toISOString(),
    payment: { ...template.body.payment, id: cardNumber(n) },
    media: [{ ...template.body.media[0], id: template.sameMedium ?? String(n) }],
  }),
  search: (template) => () => ({
    ...template.body,
    searchId: randomUUID(),
    presentedAt: new Date().toISOString(),
    media: [
      {
        ...template.body.media[0],
        id: template.ids[Math.floor(Math.random() * template.ids.length)],
      },
    ],
  }),
  authorize: (template) => () => ({
    ...template.body,
    authorizationId: randomUUID(),
    settlementId: randomUUID(),
    presentedAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + 60_000).toISOString(),
  }),
};

/** A test number of 16 digits that passes Luhn (ISO/IEC 7812-1 annex B); no card scheme issues 9999 99. */
function cardNumber(n) {
  const payload = `999999${String(n).padStart(9, '0')}`;
  let sum = 0;
  for (let place = 0; place < payload.length; place++) {
    const digit = Number(payload[payload.length - 1 - place]) * (place % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return payload + ((10 - (sum % 10)) % 10);
}
