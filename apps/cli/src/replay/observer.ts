import {
  inboxPrefix,
  AdjustV1,
  AuthorizeV1,
  CaptureV1,
  CouponConsumedV1,
  networkSubject,
  requestSubject,
  ReserveCouponsV1,
  SettlementCapturedV1,
  SettlementGrantedV1,
  SettleV1,
} from '@couplet/contracts';
import type { Sighting, TimelineStep } from '../report/timeline.ts';
import { RELAY } from '../topology/nats-users.ts';
import type { NatsConnection } from '../topology/start-topology.ts';

type Message = { subject: string; reply?: string; json<T>(): T };
type Watched = { settlementId?: string; attemptId?: string };

/** Names of a question, and of its answer where that is told apart. */
const WATCHED = new Map<string, [TimelineStep, TimelineStep?]>([
  [requestSubject(SettleV1, RELAY), ['settle asked', 'settle answered']],
  [requestSubject(ReserveCouponsV1, 'settlement-relay'), ['coupon search sent', 'coupon search answered']],
  [networkSubject(AuthorizeV1, RELAY), ['authorize sent', 'authorize answered']],
  [networkSubject(AdjustV1, RELAY), ['adjust sent', 'adjust answered']],
  [networkSubject(CaptureV1, RELAY), ['capture sent', 'capture answered']],
  [SettlementGrantedV1.subject, ['settlement-granted published']],
  [SettlementCapturedV1.subject, ['settlement-captured published']],
  [CouponConsumedV1.subject, ['coupon-consumed published']],
]);

/**
 * Reads along on the wire and notes when each message about a settlement passed. It keeps names and times only: the card
 * number in an `authorize` is not looked at.
 */
export class Observer {
  private readonly byKey = new Map<string, Sighting[]>();
  private readonly awaited = new Map<string, { key: string; what: TimelineStep }>();

  constructor(connection: NatsConnection) {
    const callback = (error: Error | null, message: Message) => {
      if (!error) this.onMessage(message);
    };
    for (const subject of WATCHED.keys()) connection.subscribe(subject, { callback });
    connection.subscribe(`${inboxPrefix(RELAY)}.>`, { callback });
    connection.subscribe(`${inboxPrefix('settlement-relay')}.>`, { callback });
  }

  /** @returns what was seen of a settlement so far */
  sightingsOf(settlementId: string, attemptId: string): Sighting[] {
    return [...(this.byKey.get(attemptId) ?? []), ...(this.byKey.get(settlementId) ?? [])];
  }

  private onMessage(message: Message): void {
    const atMs = performance.now();
    const answered = this.awaited.get(message.subject);
    if (answered) {
      this.awaited.delete(message.subject);
      this.note(answered.key, { what: answered.what, atMs });
      return;
    }
    const names = WATCHED.get(message.subject);
    if (!names) return;
    const { settlementId, attemptId } = message.json<Watched>();
    const key = names[0] === 'settle asked' ? attemptId : settlementId;
    if (!key) return;
    this.note(key, { what: names[0], atMs });
    if (names[1] && message.reply) this.awaited.set(message.reply, { key, what: names[1] });
  }

  private note(key: string, sighting: Sighting): void {
    const seen = this.byKey.get(key) ?? [];
    if (!seen.some(({ what }) => what === sighting.what)) this.byKey.set(key, [...seen, sighting]);
  }
}
