import { setTimeout as sleep } from 'node:timers/promises';
import { CodeBatchStatusV1, GenerateCodesV1 } from '@couplet/contracts';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import type { Operator } from '../replay/operator.ts';
import { asOperator } from './as-operator.ts';
import type { GenerateOptions, StatusOptions } from './codes-options.ts';
import { Progress } from './progress.ts';

type Batch = z.output<typeof CodeBatchStatusV1.reply>;

const LOOK_EVERY_MS = 500;

/** @returns the exit code */
export async function generate(options: GenerateOptions): Promise<number> {
  const { offer: offerId, count, prefix, length, alphabet, by: requestedBy } = options;
  const batchId = options.batch ?? uuidv7();
  const request = { batchId, requestedBy, offerId, count, prefix, length, alphabet };
  const batch = await asOperator(async (operator) => {
    const started = await operator.ask(GenerateCodesV1, GenerateCodesV1.request.parse(request));
    return options.wait ? untilDone(operator, started) : started;
  });
  for (const line of shown(batch, options)) console.log(line);
  return 0;
}

/** @returns the exit code */
export async function status(batchId: string, options: StatusOptions): Promise<number> {
  const batch = await asOperator(async (operator) => {
    const now = await operator.ask(CodeBatchStatusV1, { batchId });
    return options.wait ? untilDone(operator, now) : now;
  });
  for (const line of shown(batch, options)) console.log(line);
  return 0;
}

async function untilDone(operator: Operator, batch: Batch): Promise<Batch> {
  const progress = new Progress(process.stderr);
  let now = batch;
  while (now.state === 'running') {
    progress.step(`${now.written} of ${now.count} codes`);
    await sleep(LOOK_EVERY_MS);
    now = await operator.ask(CodeBatchStatusV1, { batchId: batch.batchId });
  }
  progress.clear();
  return now;
}

function shown(batch: Batch, { json }: { json: boolean }): string[] {
  if (json) return [JSON.stringify(batch)];
  const { batchId, offerId, kind, state, written, count, claimed, entropyBits, guessesPerHit } = batch;
  const facts = [
    ['batch', batchId],
    ['offer', offerId],
    ['state', `${kind}, ${state}`],
    ['codes', written === count ? String(count) : `${written} of ${count}`],
    ['claimed', String(claimed)],
    ...(entropyBits === undefined ? [] : [['entropy', `${entropyBits} bits each`]]),
    ...(guessesPerHit === undefined ? [] : [['guessing', `one guess in ${guessesPerHit} names a code`]]),
  ];
  return facts.map(([fact, value]) => `${fact!.padEnd(9)} ${value}`);
}
