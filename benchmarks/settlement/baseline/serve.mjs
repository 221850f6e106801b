import { inboxPrefix } from '@couplet/contracts';
import { connect } from '@nats-io/transport-node';

/** Answers every message on the subject, as the NATS user whose place it takes, and says that it is ready. */
export async function serve(user, subject, handle) {
  const { NATS_URL: servers, NATS_PASSWORD: pass } = process.env;
  const connection = await connect({ servers, user, pass, inboxPrefix: inboxPrefix(user) });
  connection.subscribe(subject, {
    queue: user,
    callback: (error, message) => {
      if (error) throw error;
      handle(message.json()).then(
        (reply) => message.respond(JSON.stringify(reply)),
        (failure) => console.error(failure),
      );
    },
  });
  console.log('{"msg":"ready"}');
  return connection;
}
