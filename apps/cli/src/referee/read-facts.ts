import { RecallV1 } from '@couplet/contracts';
import type { createPool } from '@couplet/postgres';
import { Operator } from '../replay/operator.ts';
import type { Settled } from '../replay/settled.ts';
import type { NatsConnection } from '../topology/start-topology.ts';
import { readStreams } from './read-streams.ts';
import type {
  AnalyticsFact,
  CouponFact,
  Facts,
  JournalFact,
  LimitFact,
  NetworkFact,
  RegistryFact,
  RollUpFact,
  ScanFact,
} from './facts.ts';

export type Pool = ReturnType<typeof createPool>;

/**
 * Reads what every side remembers: the databases with the connection of their administrator, the card network by its contract.
 *
 * @param settled what the tills were told
 */
export async function readFacts(
  admin: Pool,
  operator: NatsConnection,
  settled: readonly Pick<Settled, 'answer'>[],
): Promise<Facts> {
  return {
    tills: settled.flatMap(tillFact),
    journal: await readJournal(admin),
    network: await readNetwork(new Operator(operator)),
    registry: await readRegistry(admin),
    analytics: await readAnalytics(admin),
    rollUps: await readRollUps(admin),
    scans: await readScans(admin),
    limits: await readLimits(admin),
    ...(await readStreams(admin, operator)),
  };
}

function tillFact({ answer }: Pick<Settled, 'answer'>): Facts['tills'] {
  if (answer.kind === 'failed') return [];
  const { settlementId, outcome, amount, discount, credit = 0n } = answer.reply;
  return [{ settlementId, outcome, amount, discount, credit }];
}

async function readJournal(admin: Pool): Promise<JournalFact[]> {
  const { rows } = await admin.query<{
    settlement_id: string;
    continues: string | null;
    state: JournalFact['state'];
    confirmed: boolean;
    price: bigint | null;
    amount: bigint | null;
    coupons: GrantedCoupon[] | null;
    card_amount: bigint;
    refunds: JournalledRefund[];
    keeps_coupons: boolean;
    authorizations: { authorizationId: string; state: string }[];
  }>(`
    SELECT settlement_id, continues, state, confirmed, price, amount, refunds, keeps_coupons,
           (SELECT g.coupons FROM settlement_relay.granted_sale g WHERE g.settlement_id = a.settlement_id) AS coupons,
           coalesce((SELECT sum(c.amount) FROM settlement_relay.card_authorization c
                     WHERE c.settlement_id = a.settlement_id AND c.state NOT IN ('declined', 'reversing', 'reversed', 'never-sent')),
                    0)::int8 AS card_amount,
           coalesce((SELECT json_agg(json_build_object('authorizationId', c.authorization_id, 'state', c.state))
                     FROM settlement_relay.card_authorization c WHERE c.settlement_id = a.settlement_id), '[]') AS authorizations
    FROM settlement_relay.attempt a`);
  const refundsOf = new Map(rows.map((row) => [row.settlement_id, row.refunds]));
  return rows.map((row) => ({
    settlementId: row.settlement_id,
    ...(row.continues !== null && { continues: row.continues }),
    state: row.state,
    confirmed: row.confirmed,
    ...(row.price !== null && { price: row.price }),
    ...(row.amount !== null && { amount: row.amount }),
    coupons: (row.coupons ?? []).map((coupon) =>
      grantedFact(coupon, [...row.refunds, ...(refundsOf.get(row.continues ?? '') ?? [])]),
    ),
    cardAmount: row.card_amount,
    refunds: row.refunds.map(({ amount, cardAmount, lateDiscounts = [], ...rest }) => ({
      ...rest,
      amount: BigInt(amount),
      cardAmount: BigInt(cardAmount),
      credits: lateDiscounts.map(({ couponId }) => couponId),
    })),
    keepsCoupons: row.keeps_coupons,
    authorizations: row.authorizations,
  }));
}

interface GrantedCoupon {
  couponId: string;
  discount: number;
  settledBy?: string;
}

interface JournalledRefund {
  refundId: string;
  state: 'due' | 'done' | 'not-needed' | 'listed';
  amount: number;
  cardAmount: number;
  couponIds: string[];
  lateDiscounts?: { couponId: string }[];
}

/** @param refunds of its settlement, and of the sale for which that granted what was found too late */
function grantedFact(
  { couponId, discount, settledBy }: GrantedCoupon,
  refunds: readonly JournalledRefund[],
): CouponFact {
  const fact = { couponId, discount: BigInt(discount) };
  if (settledBy !== 'statement-credit') return fact;
  const isPaid = refunds.some(
    ({ state, lateDiscounts = [] }) =>
      state === 'done' && lateDiscounts.some((late) => late.couponId === couponId),
  );
  return { ...fact, credit: isPaid ? 'paid' : 'owed' };
}

async function readNetwork(operator: Operator): Promise<NetworkFact[]> {
  const facts: NetworkFact[] = [];
  for (let after: string | undefined; ; after = facts.at(-1)!.authorizationId) {
    const page = await operator.ask(RecallV1, { limit: 1_000, ...(after && { after }) });
    facts.push(...page.authorizations);
    if (page.authorizations.length < 1_000) return facts;
  }
}

async function readRegistry(admin: Pool): Promise<RegistryFact[]> {
  const { rows } = await admin.query<{
    settlement_id: string;
    state: string | null;
    open: boolean;
    reservations: { couponId: string; discount: number; state: 'reserved' }[];
  }>(`
    SELECT settlement_id, s.state, o.settlement_id IS NOT NULL AS open,
           coalesce((SELECT json_agg(json_build_object('couponId', r.coupon_id, 'discount', r.discount, 'state', r.state))
                     FROM medium_registry.reservation r WHERE r.settlement_id = s.settlement_id), '[]') AS reservations
    FROM medium_registry.reservation_set s FULL JOIN medium_registry.open_reservation o USING (settlement_id)`);
  return rows.map(({ settlement_id: settlementId, state, open, reservations }) => ({
    settlementId,
    state: state ?? 'absent',
    open,
    reservations: reservations.map((row) => ({ ...row, discount: BigInt(row.discount) })),
  }));
}

async function readScans(admin: Pool): Promise<ScanFact[]> {
  const { rows } = await admin.query<{
    settlementId: string;
    state: ScanFact['state'];
    coupons: GrantedCoupon[] | null;
  }>(`SELECT settlement_id AS "settlementId", state, sale -> 'coupons' AS coupons FROM barcode.scan`);
  // What a scan is credited nobody here pays out.
  return rows.map((row) => ({
    ...row,
    coupons: (row.coupons ?? []).map((coupon) => grantedFact(coupon, [])),
  }));
}

async function readAnalytics(admin: Pool): Promise<AnalyticsFact[]> {
  const { rows } = await admin.query<{
    settlement_id: string;
    state: AnalyticsFact['state'];
    amount: bigint | null;
    discount: bigint | null;
    captured_amount: bigint | null;
    coupons: { couponId: string; discount: number; credit: CouponFact['credit'] | null }[];
  }>(`
    SELECT settlement_id, coalesce(s.state, 'grant-awaited') AS state, s.amount, s.discount, s.captured_amount,
           coalesce(u.coupons, '[]') AS coupons
    FROM analytics.settlement_fact s FULL JOIN (
      SELECT settlement_id, json_agg(json_build_object('couponId', coupon_id, 'discount', discount, 'credit',
               CASE WHEN settled_by IS NOT NULL THEN CASE WHEN refund_id IS NULL THEN 'owed' ELSE 'paid' END END)) AS coupons
      FROM analytics.coupon_use_fact LEFT JOIN analytics.credit_fact USING (settlement_id, coupon_id)
      WHERE state = 'consumed' GROUP BY settlement_id) u USING (settlement_id)`);
  return rows.map(
    ({ settlement_id: settlementId, state, amount, discount, captured_amount: captured, coupons }) => ({
      settlementId,
      state,
      amount: amount ?? 0n,
      discount: discount ?? 0n,
      captured: captured ?? 0n,
      coupons: coupons.map(({ couponId, discount: worth, credit }) => ({
        ...{ couponId, discount: BigInt(worth) },
        ...(credit && { credit }),
      })),
    }),
  );
}

async function readRollUps(admin: Pool): Promise<RollUpFact> {
  const { rows } = await admin.query<RollUpFact>(`
    SELECT coalesce(sum(settlements), 0)::int8 AS settlements, coalesce(sum(amount), 0)::int8 AS amount,
           coalesce(sum(discount), 0)::int8 AS discount,
           coalesce(sum(coupons_consumed - coupons_rolled_back), 0)::int8 AS coupons
    FROM analytics.daily_usage`);
  return rows[0]!;
}

async function readLimits(admin: Pool): Promise<LimitFact[]> {
  const { rows } = await admin.query<LimitFact>(`
    SELECT o.offer_id AS "offerId", l.kind, l.max::int8 AS limit,
           (SELECT coalesce(sum(s.remaining), 0)::int8 FROM medium_registry.escrow_slot s
            WHERE s.offer_id = o.offer_id AND s.kind = l.kind) AS remaining,
           (SELECT coalesce(sum(CASE l.kind WHEN 'uses' THEN 1 ELSE r.discount END), 0)::int8
            FROM medium_registry.reservation r
            WHERE r.offer_id = o.offer_id AND r.state IN ('reserved', 'consumed')) AS used
    FROM medium_registry.offer o, jsonb_each_text(o.conditions -> 'limits') AS l (kind, max)
    WHERE l.kind IN ('uses', 'budget')`);
  return rows;
}
