import { type IssuedCode as ShownCode, ProblemError, type SymbolRequest } from '@couplet/contracts';
import { DrawingQueueFull } from '@couplet/symbol';
import type { IssuedCode } from '../domain/issued-code.ts';
import { STEP_S, stepStartS } from '../domain/rotation.ts';
import { contentFor, invalid, type IssuingDeps } from './issuing.ts';

/** A code as its holder sees it now: the picture for his screen, and digits to type should a scanner fail. */
export async function show(code: IssuedCode, symbol: SymbolRequest, deps: IssuingDeps): Promise<ShownCode> {
  const picture = await draw(contentFor(code, symbol.symbology, deps), symbol, deps);
  const nowMs = deps.now().getTime();
  const typed = deps.generator.typed();
  const typedUntil = new Date(Math.min(nowMs + deps.typedCodeForMs, code.expiresAt.getTime()));
  await deps.codes.putTyped(code.codeId, deps.generator.hash(typed), typedUntil);
  const { codeId, mode, coupons, currency, productIds, storeIds, issuedAt, expiresAt } = code;
  return {
    ...{ codeId, mode, currency, coupons: [...coupons] },
    ...(productIds && { productIds: [...productIds] }),
    ...(storeIds && { storeIds: [...storeIds] }),
    issuedAt: issuedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
    symbol: picture,
    ...(mode === 'rotating' && {
      refreshAt: new Date((stepStartS(nowMs) + STEP_S) * 1000).toISOString(),
    }),
    typed: { code: typed.secret, expiresAt: typedUntil.toISOString() },
  };
}

async function draw(
  content: string,
  { symbology, format, screen }: SymbolRequest,
  { drawing }: IssuingDeps,
): Promise<ShownCode['symbol']> {
  try {
    const picture = await drawing.draw({ symbology, content, format, screen });
    if ('tooSmall' in picture) throw invalid('symbol.screen', picture.tooSmall);
    return { symbology, ...picture };
  } catch (error) {
    if (!(error instanceof DrawingQueueFull)) throw error;
    throw new ProblemError('overloaded', error.message, undefined, { cause: error });
  }
}
