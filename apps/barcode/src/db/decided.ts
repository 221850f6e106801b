import type pg from 'pg';
import type { Asked, ScanCommand, ScanOutcome } from '../domain/scan.ts';
import { isNamed, outcomeOf, type ScanRow, SELECT_WANTED, wantedValues } from './scan-row.ts';

/** `conflict`: the scanId was used for another body. */
export type Decided = ScanOutcome | Asked | 'conflict' | undefined;

/** What is decided of these scans, in their order, by one statement; undefined of those that nothing is known of. */
export async function readDecided(
  client: pg.Pool | pg.PoolClient,
  commands: readonly ScanCommand[],
): Promise<Decided[]> {
  if (commands.length === 0) return [];
  const names = commands.map(({ caller, request: { storeId, scanId } }) => ({ caller, storeId, scanId }));
  const { rows } = await client.query<ScanRow>({
    name: 'barcode.decided',
    text: SELECT_WANTED,
    values: wantedValues(
      commands.map(({ settlementId }) => settlementId),
      names,
    ),
  });
  return commands.map(({ settlementId }, index) =>
    decidedBy(
      rows.find(({ settlement_id }) => settlement_id === settlementId),
      rows.find((row) => isNamed(row, names[index]!)),
    ),
  );
}

/** @param named the scan that has the scanId, `own` or another */
function decidedBy(own: ScanRow | undefined, named: ScanRow | undefined): Decided {
  if (!named) return own && outcomeOf(own); // Its end was asked for before it was decided.
  if (named === own) return outcomeOf(own);
  // Voided before it came.
  return named.state === 'abandoned' && named.code_id === null ? outcomeOf(named) : 'conflict';
}
