/** Many requests at once over one subscription; the library's own `request()` costs more than all the rest of the client. */
export class Asker {
  #waiting = new Map();
  #sequence = 0;

  constructor(connection, inbox) {
    this.connection = connection;
    this.inbox = inbox;
    connection.subscribe(`${inbox}.*`, { callback: (error, message) => !error && this.#onReply(message) });
    setInterval(() => this.#expire(), 250).unref();
  }

  /** @returns `{ body }`, or `{ problem }`: a code of a problem, `no-responders` or `timeout` */
  ask(subject, payload, timeoutMs = 35_000) {
    return new Promise((resolve) => {
      const token = (++this.#sequence).toString(36);
      this.#waiting.set(token, { resolve, until: performance.now() + timeoutMs });
      this.connection.publish(subject, payload, { reply: `${this.inbox}.${token}` });
    });
  }

  #onReply(message) {
    const token = message.subject.slice(this.inbox.length + 1);
    const waiting = this.#waiting.get(token);
    if (!waiting) return;
    this.#waiting.delete(token);
    if (message.data.length === 0) waiting.resolve({ problem: 'no-responders' });
    else if (message.headers?.has('Nats-Service-Error')) waiting.resolve({ problem: message.json().code });
    else waiting.resolve({ body: message.json() });
  }

  #expire() {
    const now = performance.now();
    for (const [token, { resolve, until }] of this.#waiting) {
      if (until > now) return; // In the order of asking, with one patience for all.
      this.#waiting.delete(token);
      resolve({ problem: 'timeout' });
    }
  }
}
