import { CapabilitiesV1, type Capabilities } from '@couplet/contracts';
import type { RequestClient } from '@couplet/nats';

interface Entry {
  readonly known?: Capabilities;
  readonly asking?: Promise<Capabilities>;
  readonly staleAt: number;
}

/** Who has not said what its rail can do is taken to be able to do nothing. */
const NONE: Capabilities = {
  shrink: false,
  finalPartialCapture: false,
  secondAuthorization: false,
  partialApproval: false,
  refund: false,
};

/** What each relay's rail can do: asked once while a sale waits, afterwards beside the sales. */
export class CapabilitiesCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly client: RequestClient,
    private readonly options: { readonly ttlMs: number; readonly timeoutMs: number },
  ) {}

  async of(relay: string): Promise<Capabilities> {
    const entry = this.entries.get(relay);
    if (entry?.known && entry.staleAt > Date.now()) return entry.known;
    const asking = entry?.asking ?? this.ask(relay, entry?.known);
    return entry?.known ?? asking;
  }

  private ask(relay: string, known: Capabilities | undefined): Promise<Capabilities> {
    const { ttlMs, timeoutMs } = this.options;
    const asking = this.client.network(CapabilitiesV1, relay, {}, { timeoutMs }).then(
      (answer) => {
        this.entries.set(relay, { known: answer, staleAt: Date.now() + ttlMs });
        return answer;
      },
      () => {
        // Not answered: what was known stays for now, and the next sale asks again.
        this.entries.set(relay, { ...(known && { known }), staleAt: 0 });
        return known ?? NONE;
      },
    );
    this.entries.set(relay, { ...(known && { known }), asking, staleAt: 0 });
    return asking;
  }
}
