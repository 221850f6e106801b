import { requestSubject, SERVICES, SettleV1 } from '@couplet/contracts';
import { tempDirectory } from '@couplet/infra';
import { createPool } from '@couplet/postgres';
import { Shop } from '../../apps/cli/dist/faults/traffic/shop.js';
import { reconcile } from '../../apps/cli/dist/referee/reconcile.js';
import { untilAtRest } from '../../apps/cli/dist/referee/rest.js';
import { Operator } from '../../apps/cli/dist/replay/operator.js';
import { writeKeyFiles } from '../../apps/cli/dist/topology/key-files.js';
import { startTopology } from '../../apps/cli/dist/topology/start-topology.js';
import { Load } from './load.mjs';
import { PostgresCounters } from './measure/postgres-counters.mjs';
import { Shoppers } from './shoppers.mjs';

export const RELAY = 'sim';
const REST_PATIENCE_MS = 300_000;

/** Room enough that what is measured is not this server's smallest settings; durability as PostgreSQL ships it. */
const POSTGRES = {
  shared_buffers: '1GB',
  max_wal_size: '8GB',
  checkpoint_timeout: '15min',
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track_utility': 'on',
};

/** Couplet as separate processes, with a load process beside it, and what looks into all of them. */
export class System {
  /** What every till was told, for the referee. */
  told = [];
  /** Answers a second of the best run until now. */
  bestPerS = 0;

  static async start({ say, preload }) {
    const system = new System();
    const keys = await tempDirectory('bench-keys');
    const { tokenKey, fingerprintKey } = await writeKeyFiles(keys.path);
    system.profiles = await tempDirectory('bench-profiles');
    const common = preload
      ? { NODE_OPTIONS: `--import=${preload}`, PROFILE_DIRECTORY: system.profiles.path }
      : {};
    const settings = Object.fromEntries(
      SERVICES.map((name) => [name, { ...common, ...(preload && { PROFILE_NAME: name }) }]),
    );
    Object.assign(settings['settlement-relay'], {
      TOKEN_KEY_FILE: tokenKey,
      FINGERPRINT_KEY_FILE: fingerprintKey,
    });
    Object.assign(settings['medium-registry'], { TOKEN_KEY_FILE: tokenKey });
    system.topology = await startTopology({ say, settings, postgresSettings: POSTGRES });
    system.admin = createPool(system.topology.adminUrl, { applicationName: 'couplet bench', max: 3 });
    system.counters = new PostgresCounters(system.admin);
    await system.counters.prepare();
    system.operatorConnection = await system.topology.connect('operator');
    system.operator = new Operator(system.operatorConnection);
    system.load = await Load.start(system.topology.accessOf(RELAY));
    system.shop = new Shop(system.operator);
    await system.shop.open();
    system.shoppers = new Shoppers(system.admin, tokenKey);
    return system;
  }

  pids() {
    const { services } = this.topology;
    return {
      ...Object.fromEntries(SERVICES.map((name) => [name, services.of(name).pid])),
      load: this.load.pid,
    };
  }

  /** New offers that the registry knows; `limits` as the contract writes them. */
  async newOffers(count, limits) {
    const offerIds = await this.shop.newOffers(count, limits);
    await this.untilAtRest();
    return offerIds;
  }

  /** Settles by shoppers from `from` on. @param plan as `Load.run` takes it */
  async settle(plan) {
    const template = { body: this.shop.saleTo('1'), sameMedium: plan.sameMedium };
    const subject = requestSubject(SettleV1, RELAY);
    const { told, result } = await this.load.run({ kind: 'settle', subject, template, ...plan });
    for (const one of told) this.told.push(one);
    return result;
  }

  /** @throws if something is still under way after five minutes */
  async untilAtRest() {
    const underWay = await untilAtRest(this.admin, this.operatorConnection, REST_PATIENCE_MS);
    if (underWay.length > 0) throw new Error(`Not at rest after five minutes: ${underWay.join(', ')}`);
  }

  /**
   * What every side remembers, row by row, against what every till was told. A coupon that was given many uses may be used
   * so often, and must have lost exactly as many.
   */
  async reconcile() {
    const settled = this.told.map(([settlementId, outcome, amount, discount]) => ({
      answer: {
        kind: 'reply',
        reply: { settlementId, outcome, amount: BigInt(amount), discount: BigInt(discount) },
      },
    }));
    const { settlements, underWay, differences } = await reconcile(this.topology, settled, REST_PATIENCE_MS);
    if (underWay.length > 0) throw new Error(`Not at rest: ${underWay.join(', ')}`);
    const allowed = await this.#usedAsOftenAsCounted();
    const wrong = differences.filter(
      ({ rule, says }) => rule !== 'coupon-is-consumed-once' || !allowed.has(says.couponId),
    );
    return { settlements, differences: wrong };
  }

  async #usedAsOftenAsCounted() {
    const counted = this.shoppers.usedOften;
    const { rows } = await this.admin.query(
      `SELECT coupon_id, count(*)::int AS uses FROM medium_registry.reservation
       WHERE coupon_id = ANY ($1::uuid[]) AND state = 'consumed' GROUP BY 1`,
      [[...counted.keys()]],
    );
    return new Set(
      rows.flatMap(({ coupon_id, uses }) => (counted.get(coupon_id) === uses ? [coupon_id] : [])),
    );
  }

  async stop() {
    this.load.stop();
    await this.admin.end();
    await this.topology.stop();
    await this.profiles.remove();
  }
}
