import {
  type EventContract,
  OFFER_STATES,
  OfferApprovedV1,
  OfferEndedV1,
  OfferPausedV1,
  OfferResumedV1,
  ProblemError,
} from '@couplet/contracts';
import { appendEvents } from '@couplet/outbox';
import { Inject, Injectable } from '@nestjs/common';
import type pg from 'pg';
import type { EntityManager } from 'typeorm';
import type { z } from 'zod';
import { Administration } from '../db/administration.ts';
import { type Actor, audit } from '../db/audit.ts';
import { lockBudgets } from '../db/campaigns.ts';
import { type LockedOffer, moveOffers, readOffers, type Signature } from '../db/offers.ts';
import { refusalBySelf, refusalsByBudget } from '../domain/approval.ts';
import { type OfferAct, type Step, stepOf } from '../domain/offer-states.ts';
import { offersToActOn } from './offers-acted-on.ts';
import { someOf } from './refusals.ts';

/** An act of a person on offers. */
export interface ActOnOffers {
  act: Exclude<OfferAct, 'revise'>;
  offerIds: readonly string[];
  /** As the person saw them. */
  versions?: readonly number[] | undefined;
  reason?: string;
  actor: Actor;
  traceparent: string;
}

type Move = LockedOffer & { to: (Step & { kind: 'moves' })['to'] };

/** An offer holds up to twenty thousand products: so many are in memory at once. */
const OFFERS_AT_ONCE = 20;

/** Moves offers through their life, all of a request or none, with the audit and the events of it. */
@Injectable()
export class OfferLife {
  constructor(@Inject(Administration) private readonly administration: Administration) {}

  /**
   * @returns how many offers moved; the others were there already
   * @throws ProblemError `not-found`, or `conflict` that says why of each offer
   */
  async act(asked: ActOnOffers): Promise<number> {
    const moves = await this.administration.transaction(async (manager, client) => {
      const offers = await offersToActOn(manager, asked);
      const moves = await movesOf(manager, offers, asked);
      await move(manager, moves, asked);
      await announce(manager, client, moves, asked);
      return moves;
    });
    return moves.length;
  }
}

async function movesOf(
  manager: EntityManager,
  offers: readonly LockedOffer[],
  { act, actor: { actor } }: ActOnOffers,
): Promise<Move[]> {
  const refused = new Map<string, string>();
  const moves: Move[] = [];
  for (const offer of offers) {
    const step = stepOf(act, offer.state);
    const why = step.kind === 'refused' ? step.why : act === 'approve' && refusalBySelf(offer, actor);
    if (why) refused.set(offer.offerId, why);
    else if (step.kind === 'moves') moves.push({ ...offer, to: step.to });
  }
  if (act === 'approve') {
    const budgets = await lockBudgets(manager, [...new Set(moves.map(({ campaignId }) => campaignId))]);
    for (const [offerId, why] of refusalsByBudget(moves, budgets)) refused.set(offerId, why);
  }
  if (refused.size > 0) {
    const reasons = [...refused].map(([offerId, why]) => `${offerId} ${why}`);
    throw new ProblemError('conflict', `${actor} cannot ${act} these offers: ${someOf(reasons)}`);
  }
  return moves;
}

async function move(
  manager: EntityManager,
  moves: readonly Move[],
  { act, reason, actor }: ActOnOffers,
): Promise<void> {
  for (const from of OFFER_STATES) {
    const ofState = moves.filter(({ state }) => state === from);
    if (ofState.length === 0) continue;
    const { to } = ofState[0]!; // One act moves every offer of one state to the same one.
    const offerIds = ofState.map(({ offerId }) => offerId);
    await moveOffers(manager, offerIds, { from, to, ...signatureOf(act, actor.actor) });
  }
  await audit(
    manager,
    actor,
    moves.map(({ offerId, state, to, version }) => ({
      act,
      subject: `offer:${offerId}`,
      detail: { from: state, to, version: version + 1, ...(reason !== undefined && { reason }) },
    })),
  );
}

function signatureOf(act: ActOnOffers['act'], by: string): Signature {
  switch (act) {
    case 'submit':
      return { submittedBy: by, submittedAt: new Date() };
    case 'return':
      return { submittedBy: null, submittedAt: null };
    case 'approve':
      return { approvedBy: by, approvedAt: new Date() };
    case 'pause':
    case 'resume':
    case 'end':
      return {};
  }
}

/** What the rest of the world hears of an act. What was never approved was never heard of. */
async function announce(
  manager: EntityManager,
  client: pg.PoolClient,
  moves: readonly Move[],
  { act, traceparent }: ActOnOffers,
): Promise<void> {
  const at = new Date().toISOString();
  const tell = <Contract extends EventContract>(
    contract: Contract,
    payload: (step: { offerId: string; version: number }) => z.output<Contract['payload']>,
  ) => {
    const known = moves.filter(({ approvedBy }) => approvedBy !== null);
    const steps = known.map(({ offerId, version }) => ({ offerId, version: version + 1 }));
    return appendEvents(
      client,
      steps.map((step) => ({ contract, payload: payload(step), traceparent })),
    );
  };
  switch (act) {
    case 'submit':
    case 'return':
      return;
    case 'approve':
      return announceApproved(manager, client, moves, { approvedAt: at, traceparent });
    case 'pause':
      return tell(OfferPausedV1, (step) => ({ ...step, pausedAt: at }));
    case 'resume':
      return tell(OfferResumedV1, (step) => ({ ...step, resumedAt: at }));
    case 'end':
      return tell(OfferEndedV1, (step) => ({ ...step, endedAt: at }));
  }
}

async function announceApproved(
  manager: EntityManager,
  client: pg.PoolClient,
  moves: readonly Move[],
  { approvedAt, traceparent }: { approvedAt: string; traceparent: string },
): Promise<void> {
  const versions = new Map(moves.map(({ offerId, version }) => [offerId, version + 1]));
  const offerIds = [...versions.keys()];
  for (let start = 0; start < offerIds.length; start += OFFERS_AT_ONCE) {
    const offers = await readOffers(manager, offerIds.slice(start, start + OFFERS_AT_ONCE));
    await appendEvents(
      client,
      offers.map((offer) => ({
        contract: OfferApprovedV1,
        payload: { ...offer, version: versions.get(offer.offerId)!, approvedAt },
        traceparent,
      })),
    );
  }
}
