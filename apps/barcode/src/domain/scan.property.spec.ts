import fc from 'fast-check';
import { v7 as uuidv7 } from 'uuid';
import type { IssuedCode } from './issued-code.ts';
import { type Asked, scan, type ScanCommand, type ScanDeps, type ScanOutcome, type Verdict } from './scan.ts';
import { moveOf, type ScanEnding } from './scan-end.ts';

const NOW = new Date('2026-05-10T12:00:00Z');
const COUPON = 'coupon';

/** Something done beside the first scan, after that many turns of others. */
const deeds = fc.array(
  fc.record({
    action: fc.constantFrom(...(['scan', 'scan', 'void', 'sweep', 'card', 'events'] as const)),
    /** Of two scans of one code. */
    of: fc.constantFrom(0, 1),
    after: fc.nat(20),
  }),
  { maxLength: 10 },
);
const rarely = fc.array(
  fc.nat(5).map((n) => n === 5),
  { maxLength: 30 },
);

it('any order of scans, repeats, voids, sweeps, cards, crashes and lost answers ends legal', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), deeds, rarely, async (scheduler, beside, deaths) => {
      const world = new World(deaths, (label) => scheduler.schedule(Promise.resolve(), label));
      const running = [{ action: 'scan' as const, of: 0, after: 0 }, ...beside].map((deed) =>
        world.run(deed),
      );
      await scheduler.waitIdle();
      await Promise.all(running);
      world.rest();
    }),
    { numRuns: 1_000 },
  );
}, 60_000);

/** barcode's journal and the registry's, each step one commit, and a store that believes what it is told. */
class World {
  private readonly commands = [aCommand(), aCommand()];
  private readonly scans = new Map<string, ScanOutcome | Asked>();
  private readonly told = new Map<string, 'valid' | 'voided'>();
  private codeUser: string | undefined;
  /** Of the reservation table: what is taken at once, and what an end leaves. */
  private readonly sets = new Map<string, 'consumed' | 'empty' | 'released' | 'rolled-back'>();
  private owner: string | undefined;
  /** Of roll-backs, published and not yet heard. */
  private readonly events: string[] = [];
  private steps = 0;

  constructor(
    private readonly deaths: readonly boolean[],
    private readonly turn: (label: string) => Promise<unknown>,
  ) {}

  async run({ action, of, after }: { action: string; of: number; after: number }): Promise<void> {
    for (let n = 0; n < after; n++) await this.turn('elsewhere');
    const command = this.commands[of]!;
    switch (action) {
      case 'scan':
        return this.scan(command);
      case 'void':
        await this.end('void', command);
        this.told.set(command.settlementId, 'voided');
        return;
      case 'sweep':
        return this.end('resolve', command);
      case 'card':
        this.owner ??= 'card';
        return;
      case 'events':
        this.hear();
    }
  }

  /** Everybody who was broken off is swept, every event heard, twice: nobody may disagree. */
  rest(): void {
    for (const { settlementId } of this.commands)
      if (this.isAsked(settlementId)) this.endNow('resolve', settlementId);
    for (let n = 0; n < 2; n++) this.hear();
    for (const { settlementId } of this.commands) {
      this.check(settlementId);
      expect(this.sets.get(settlementId) === 'consumed').toBe(this.isGranted(settlementId));
    }
    const granted = this.commands.filter(({ settlementId }) => this.isGranted(settlementId));
    expect(granted.length).toBeLessThanOrEqual(1);
    expect(this.owner).toBe(this.owner === 'card' ? 'card' : granted[0]?.settlementId);
    expect(this.codeUser).toBe(granted[0]?.settlementId);
  }

  private async scan(command: ScanCommand): Promise<void> {
    const outcome = await scan(command, this.deps()).catch((error: unknown) => {
      if (error !== DIED) throw error;
    });
    // A store that voids drops what it hears of the scan.
    if (outcome?.state !== 'granted' || this.told.get(command.settlementId) === 'voided') return;
    this.told.set(command.settlementId, 'valid');
    this.check(command.settlementId);
  }

  /** What a store was told is so. */
  private check(settlementId: string): void {
    const told = this.told.get(settlementId);
    if (told) expect(this.isGranted(settlementId)).toBe(told === 'valid');
    if (this.isGranted(settlementId)) {
      expect([this.sets.get(settlementId), this.owner, this.codeUser]).toEqual([
        'consumed',
        settlementId,
        settlementId,
      ]);
    }
  }

  private deps(): ScanDeps {
    return {
      findCode: async () => {
        await this.step('found');
        return { code: CODE, sameSecret: true, used: this.codeUser !== undefined };
      },
      offersOf: async () => [{ offerId: 'offer', currency: 'USD', products: 'any', isCredit: false }],
      codeOf: async () => CODE,
      reserve: () => Promise.reject(new Error('nothing waits here')),
      use: async ({ settlementId }) => {
        await this.step('use sent');
        const found = this.use(settlementId);
        await this.step('use answered');
        const rest = { settlementId, discount: 0n, refused: [] };
        const coupon = {
          couponId: COUPON,
          offerId: 'offer',
          title: '',
          discount: 1n,
          lines: [],
          funding: [],
        };
        return found
          ? { ...rest, couponSearch: 'found', coupons: [coupon] }
          : { ...rest, couponSearch: 'none', coupons: [] };
      },
      decided: async ({ settlementId }) => this.scans.get(settlementId),
      refuse: ({ settlementId }, _codeId, reason) =>
        this.write(settlementId, () => ({ state: 'refused', reason })),
      ask: ({ settlementId }, { codeId }) =>
        this.write(settlementId, () => {
          if (this.codeUser) return { state: 'refused', reason: 'already-used' };
          this.codeUser = settlementId;
          return { state: 'asked', codeId };
        }),
      finish: async ({ settlementId }, verdict) => {
        await this.step('finishing');
        if (this.isAsked(settlementId)) this.finish(settlementId, verdict);
        await this.step('finished');
        return this.scans.get(settlementId) as ScanOutcome;
      },
      hold: () => Promise.reject(new Error('nothing waits here')),
      now: () => NOW,
      confirmWithinMs: 1,
    };
  }

  private async write(settlementId: string, first: () => ScanOutcome | Asked): Promise<ScanOutcome | Asked> {
    await this.step('writing');
    if (!this.scans.has(settlementId)) this.scans.set(settlementId, first());
    await this.step('written');
    return this.scans.get(settlementId)!;
  }

  private finish(settlementId: string, verdict: Verdict): void {
    const isWorth = 'sale' in verdict;
    this.scans.set(
      settlementId,
      isWorth ? { state: 'granted', ...verdict } : { state: 'refused', ...verdict },
    );
    if (!isWorth) this.codeUser = undefined;
  }

  private use(settlementId: string): boolean {
    const free = this.owner === undefined;
    if (!this.sets.has(settlementId)) {
      this.sets.set(settlementId, free ? 'consumed' : 'empty');
      if (free) this.owner = settlementId;
    }
    return this.sets.get(settlementId) === 'consumed';
  }

  private async end(ending: ScanEnding, { settlementId }: ScanCommand): Promise<void> {
    await this.turn(ending);
    // The sweeper knows of no other.
    if (ending === 'void' || this.isAsked(settlementId)) this.endNow(ending, settlementId);
  }

  private endNow(ending: ScanEnding, settlementId: string): void {
    const before = this.scans.get(settlementId);
    if (!before) return void this.scans.set(settlementId, { state: 'abandoned', reason: 'voided' });
    const move = moveOf({ state: before.state, confirmBy: null }, ending, NOW);
    if (!move) return;
    expect(move.next).toBe('rolled-back');
    this.scans.set(settlementId, { state: 'rolled-back', reason: move.reason! });
    if (this.codeUser === settlementId) this.codeUser = undefined;
    this.events.push(settlementId);
  }

  private hear(): void {
    for (const settlementId of this.events) {
      const set = this.sets.get(settlementId);
      if (!set) this.sets.set(settlementId, 'released');
      if (set !== 'consumed') continue;
      this.sets.set(settlementId, 'rolled-back');
      this.owner = undefined;
    }
  }

  private async step(label: string): Promise<void> {
    await this.turn(label);
    if (this.deaths[this.steps++]) throw DIED;
  }

  private isAsked(settlementId: string): boolean {
    return this.scans.get(settlementId)?.state === 'asked';
  }

  private isGranted(settlementId: string): boolean {
    return this.scans.get(settlementId)?.state === 'granted';
  }
}

const DIED = new Error('died, or the answer was lost');

const CODE: IssuedCode = {
  ...{ codeId: 'code', keyId: 'k1', holderId: 'holder', mode: 'single-use', currency: 'USD' },
  coupons: [{ couponId: COUPON, offerId: 'offer', title: '', validTo: '2030-01-01T00:00:00Z' }],
  ...{ issuedAt: new Date(0), expiresAt: new Date('2030-01-01T00:00:00Z') },
};

function aCommand(): ScanCommand {
  return {
    ...{ caller: 'sim', settlementId: uuidv7() },
    request: {
      ...{ scanId: uuidv7(), storeId: '309', terminalId: '4', scannedAt: NOW.toISOString() },
      code: `1${'0'.repeat(49)}`,
      ...{ purpose: 'purchase', lines: [{ productId: 'milk', quantity: '1', unit: 'each', amount: 386n }] },
      finish: 'immediate',
    },
  };
}
