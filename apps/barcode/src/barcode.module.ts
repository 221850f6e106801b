import { OutboxRelay } from '@couplet/outbox';
import { failpoint, type Platform } from '@couplet/service-host';
import { DrawingPool } from '@couplet/symbol';
import type { DynamicModule } from '@nestjs/common';
import { Registry } from './clients/registry.ts';
import { CodeKeys } from './codes/code-keys.ts';
import { CodeGenerator } from './codes/generator.ts';
import type { BarcodeConfig } from './config.ts';
import { GuessLimits } from './db/guess-limits.ts';
import { IssuedCodes } from './db/issued-codes.ts';
import { ScanEnds } from './db/scan-ends.ts';
import { Scans } from './db/scans.ts';
import type { Failpoint } from './failpoints.ts';
import { CodesController } from './handlers/codes.controller.ts';
import { Drawing } from './handlers/drawing.ts';
import type { IssuingDeps } from './handlers/issuing.ts';
import { ScansController } from './handlers/scans.controller.ts';
import { GUESS_LIMITS, type ScanningDeps } from './handlers/scanning.ts';
import { Sweeper } from './handlers/sweeper.ts';
import { ISSUING, OUTBOX, SCANNING } from './handlers/tokens.ts';

const DRAWING = { threads: 1, queueMax: 256 };

class BarcodeModule {}

/** @throws RangeError if CODE_KEYS holds no code keys */
export function barcodeModule(
  { client, events, logger, pool }: Platform,
  config: BarcodeConfig,
  { now, reached }: { now: () => Date; reached: (failpoint: Failpoint) => void } = {
    now: () => new Date(),
    reached: failpoint,
  },
): DynamicModule {
  const generator = new CodeGenerator(CodeKeys.load(config.CODE_KEYS));
  const [registry, codes, drawing] = [new Registry(client), new IssuedCodes(pool), new DrawingPool(DRAWING)];
  const issuing: IssuingDeps = {
    ...{ registry, codes, generator, drawing, now },
    typedCodeForMs: config.TYPED_CODE_FOR_MS,
  };
  const scanning: ScanningDeps = {
    ...{ registry, codes, generator, now },
    scans: new Scans(pool, now, reached),
    ends: new ScanEnds(pool, now),
    guesses: new GuessLimits(pool, GUESS_LIMITS),
    scanAgeMaxMs: config.SCAN_AGE_MAX_MS,
    clockAheadMaxMs: config.CLOCK_AHEAD_MAX_MS,
    confirmWithinMs: config.CONFIRM_WITHIN_MS,
  };
  const sweeping = { everyMs: config.SWEEP_MS, olderThanMs: config.DECIDE_WITHIN_MS };
  return {
    module: BarcodeModule,
    controllers: [CodesController, ScansController],
    providers: [
      { provide: ISSUING, useValue: issuing },
      { provide: SCANNING, useValue: scanning },
      { provide: OUTBOX, useFactory: () => new OutboxRelay(pool, events, logger) },
      {
        provide: Sweeper,
        useFactory: (outbox: OutboxRelay) =>
          new Sweeper(scanning.ends, sweeping, logger, () => outbox.wake()),
        inject: [OUTBOX],
      },
      { provide: Drawing, useFactory: () => new Drawing(drawing) },
    ],
  };
}
