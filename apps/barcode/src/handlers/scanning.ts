import { ProblemError, type ScanReason, type ScanReply, type ScanRequest } from '@couplet/contracts';
import type { Registry } from '../clients/registry.ts';
import type { CodeGenerator } from '../codes/generator.ts';
import type { GuessLimits } from '../db/guess-limits.ts';
import type { IssuedCodes } from '../db/issued-codes.ts';
import type { ScanEnds } from '../db/scan-ends.ts';
import type { Scans } from '../db/scans.ts';
import { readContent, type ScannedContent } from '../domain/code-content.ts';
import { scan, type ScanCommand, type ScanDeps, type ScanOutcome } from '../domain/scan.ts';
import { type FoundCode, stepOf } from '../domain/verify.ts';
import { invalid } from './issuing.ts';

/** Wrong codes that are let pass, each in its time. A store has many tills; a prefix has a million codes a digit. */
export const GUESS_LIMITS = {
  'typed-by-store': { points: 20, durationS: 600 },
  'typed-by-prefix': { points: 40, durationS: 600 },
  'one-time': { points: 5, durationS: 600 },
};
type GuessKind = keyof typeof GUESS_LIMITS;

export interface ScanningDeps {
  registry: Registry;
  codes: IssuedCodes;
  generator: CodeGenerator;
  scans: Scans;
  ends: ScanEnds;
  guesses: GuessLimits<GuessKind>;
  now(): Date;
  scanAgeMaxMs: number;
  clockAheadMaxMs: number;
  confirmWithinMs: number;
}

/** @throws ProblemError for a scan out of its time, too many wrong guesses, a reused scanId, or a registry that is away */
export async function answerScan(
  caller: string,
  request: ScanRequest,
  deps: ScanningDeps,
): Promise<ScanReply> {
  checkTime(request.scannedAt, deps);
  await checkGuesses(request, caller, deps);
  const command = { caller, request, settlementId: settlementIdOf(caller, request, deps.generator) };
  const outcome = await scan(command, scanDeps(deps));
  if (outcome.state === 'refused') await countGuess(request, caller, outcome.reason, deps);
  return replyOf(command, outcome);
}

/** How the answer follows from what was decided. */
export function replyOf(
  { request: { scanId } }: { request: { scanId: string } },
  outcome: ScanOutcome,
): ScanReply {
  switch (outcome.state) {
    case 'refused':
    case 'abandoned':
    case 'rolled-back':
      return { scanId, result: 'invalid', reason: outcome.reason };
    case 'granted':
    case 'held': {
      const { currency, discount, credit, lines, coupons } = outcome.sale;
      const { state } = outcome;
      const confirmBy = state === 'held' && { confirmBy: outcome.confirmBy.toISOString() };
      return { scanId, result: 'valid', state, ...confirmBy, currency, discount, credit, lines, coupons };
    }
  }
}

/** A scan counts at its own time, but not at any time: else an expired coupon would only need an old clock. */
export function checkTime(
  scannedAt: string,
  { now, scanAgeMaxMs, clockAheadMaxMs }: Pick<ScanningDeps, 'now' | 'scanAgeMaxMs' | 'clockAheadMaxMs'>,
): void {
  const ageMs = now().getTime() - Date.parse(scannedAt);
  if (ageMs > scanAgeMaxMs) throw invalid('scannedAt', `is more than ${scanAgeMaxMs} ms ago`);
  if (-ageMs > clockAheadMaxMs) throw invalid('scannedAt', `is more than ${clockAheadMaxMs} ms ahead`);
}

export function findCode(
  content: ScannedContent,
  { codes, generator }: Pick<ScanningDeps, 'codes' | 'generator'>,
): Promise<FoundCode | undefined> {
  return Promise.all(generator.hashes(content).map((hash) => codes.find(hash, stepOf(content)))).then(
    (rows) => {
      const found = rows.find((row) => row !== undefined);
      return found && { ...found, sameSecret: generator.isSame(content, found.code) };
    },
  );
}

function scanDeps({ registry, codes, generator, scans, now, confirmWithinMs }: ScanningDeps): ScanDeps {
  return {
    findCode: (content) => findCode(content, { codes, generator }),
    offersOf: (code) => registry.offersOf(code.coupons.map(({ offerId }) => offerId)),
    codeOf: (codeId) => codes.known(codeId),
    reserve: (request) => registry.reserve(request),
    use: (request) => registry.use(request),
    decided: (command: ScanCommand) => scans.decided(command),
    refuse: (command, codeId, reason) => scans.refuse(command, codeId, reason),
    ask: (command, codeUse) => scans.ask(command, codeUse),
    finish: (command, verdict) => scans.finish(command, verdict),
    hold: (command, sale, until) => scans.hold(command, sale, until),
    now,
    confirmWithinMs,
  };
}

/** UUIDv7 with the time of the scanId, for the order of the index; the rest tells caller and body from all others. */
function settlementIdOf(caller: string, request: ScanRequest, generator: CodeGenerator): string {
  const body = JSON.stringify([caller, request], (_key, part: unknown) =>
    typeof part === 'bigint' ? part.toString() : part,
  );
  const digest = generator.fingerprint('scan', body).toString('hex');
  const time = request.scanId.replaceAll('-', '').slice(0, 12).toLowerCase();
  const variant = ((Number.parseInt(digest[3]!, 16) & 0x3) | 0x8).toString(16);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}

type Guess = Pick<ScanRequest, 'code' | 'storeId'>;

/** Typed codes are short, so a store may mistype a few, and nobody may try many that begin alike. */
export async function checkGuesses(
  guess: Guess,
  caller: string,
  { guesses }: Pick<ScanningDeps, 'guesses'>,
): Promise<void> {
  for (const [kind, key] of guessKeys(guess, caller)) {
    if (await guesses.isSpent(kind, key)) {
      throw new ProblemError('rate-limited', 'too many wrong codes; wait a few minutes, or scan the picture');
    }
  }
}

export async function countGuess(
  guess: Guess,
  caller: string,
  reason: ScanReason,
  { guesses }: Pick<ScanningDeps, 'guesses'>,
): Promise<void> {
  if (reason !== 'unknown-code' && reason !== 'code-differs') return;
  for (const [kind, key] of guessKeys(guess, caller)) await guesses.countMiss(kind, key);
}

function guessKeys({ code, storeId }: Guess, caller: string): [GuessKind, string][] {
  const content = readContent(code);
  switch (content?.kind) {
    case 'typed':
      return [
        ['typed-by-store', `${caller} ${storeId}`],
        ['typed-by-prefix', content.secret.slice(0, 4)],
      ];
    case 'rotating': // Whoever has a screenshot knows the secret, and would try one-time passwords.
      return [['one-time', content.secret]];
    case 'gs1':
      return [['typed-by-store', `${caller} ${storeId}`]];
    case 'single-use': // Nobody guesses 128 bits.
    case undefined:
      return [];
  }
}
