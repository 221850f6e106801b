import type { Service } from '@couplet/contracts';
import type { Random } from './random.ts';
import type { FaultSystem } from './system.ts';
import type { Cohort } from './traffic/traffic.ts';

/** A way in which things go wrong, in doses. */
export interface Fault {
  /** What `--only` names. */
  name: string;
  /** The row of the table: faults of one row count together. */
  row: string;
  /** Seeds of a full run, from 1 on. */
  seeds: number;
  /** Doses that a run with one seed counts for. Default 1. */
  dosesPerSeed?: number;
  /**
   * Faults of one phase share a check at its end, seed by seed: those of one lane follow each other, lanes run beside each
   * other. Absent: it runs alone.
   */
  among?: { phase: string; lane: string };
  /** Done once in every system, when everything else is over. */
  afterAll?: true;
  run(context: DoseContext): Promise<Healing>;
}

export interface DoseContext {
  system: FaultSystem;
  random: Random;
  seed: number;
  /** What services are started with where a dose starts them again. */
  settings?: Partial<Record<Service, Record<string, string>>>;
}

/** What a dose leaves when its fault is gone. */
export interface Healing {
  /** By the clock of `performance.now`. */
  healedAt: number;
  /** Sales that met the fault: all of them must be at rest within a minute of healing. */
  cohorts: readonly Cohort[];
  /** Measured by the dose itself, before it cleaned up; absent: measured from `healedAt` on. */
  recoveryMs?: number;
  /** What the dose itself saw go wrong. */
  violations?: readonly string[];
}
