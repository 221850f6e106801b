import { ProblemError, type RefundSaleV1 } from '@couplet/contracts';
import type { z } from 'zod';
import type { RefundAnswer } from '../domain/refund-sale.ts';

type Asked = z.output<typeof RefundSaleV1.request>;

/** Why nothing was given back, and what to do. */
export function refundProblem(
  { attemptId, refundId, lines = [] }: Asked,
  answer: Exclude<RefundAnswer, { kind: 'refund' }>,
): ProblemError {
  switch (answer.kind) {
    case 'conflict':
      return new ProblemError(
        'attempt-conflict',
        `refund ${refundId} was asked for other lines: a new refund needs a new refundId`,
      );
    case 'not-refundable':
      return notRefundable(attemptId, answer.phase);
    case 'continues':
      return new ProblemError(
        'conflict',
        `attempt ${attemptId} paid a part of the sale of attempt ${answer.endsWith}: ask the refund of that one, and each card gets back what it paid`,
      );
    case 'being-paid':
      return beingPaid(answer);
    case 'refused': {
      const index = lines.findIndex(({ lineId }) => lineId === answer.lineId);
      const detail = `line ${String(answer.lineId)}: ${REFUSED[answer.reason]}`;
      if (index < 0) return new ProblemError('conflict', REFUSED[answer.reason]);
      return new ProblemError('invalid-request', detail, [{ field: `lines[${index}]`, detail }]);
    }
  }
}

function beingPaid({ attemptId, phase }: Extract<RefundAnswer, { kind: 'being-paid' }>): ProblemError {
  return phase === 'started'
    ? new ProblemError(
        'attempt-in-progress',
        `a part of the sale is being paid by attempt ${attemptId}, which is not decided yet: ask again shortly`,
      )
    : new ProblemError(
        'conflict',
        `a part of the sale is paid by attempt ${attemptId}, which is not confirmed: confirm or void it first`,
      );
}

function notRefundable(
  attemptId: string,
  phase: Extract<RefundAnswer, { kind: 'not-refundable' }>['phase'],
): ProblemError {
  switch (phase) {
    case 'unknown':
      return new ProblemError('not-found', `no attempt ${attemptId} of this relay is known`);
    case 'started':
      return new ProblemError(
        'attempt-in-progress',
        `attempt ${attemptId} is not decided yet: ask again shortly`,
      );
    case 'granted':
      return new ProblemError('conflict', `attempt ${attemptId} is not confirmed: void it instead`);
    case 'confirmed':
    case 'cancelled':
    case 'abandoned':
      return new ProblemError('conflict', `attempt ${attemptId} is ${phase}: there is no sale to give back`);
  }
}

const REFUSED: Record<Extract<RefundAnswer, { kind: 'refused' }>['reason'], string> = {
  'nothing-left': 'everything was given back already',
  'no-lines': 'the sale has no lines: give it back whole, without lines',
  'line-unknown': 'was not sold, or was given back already',
  'line-twice': 'is there twice',
  'quantity-invalid': 'its quantity must be a decimal number above zero',
  'more-than-is-left': 'more than is left of it',
};
