/** Who brought an offer this far, and what it may spend. */
export interface OfferToApprove {
  readonly offerId: string;
  readonly campaignId: string;
  readonly writtenBy: readonly string[];
  readonly submittedBy: string | null;
  readonly currency: string;
  /** Minor units; absent: not limited. */
  readonly budget?: bigint | undefined;
}

/** What a campaign may spend, and what its approved offers may spend of it; minor units. */
export interface CampaignBudget {
  readonly currency: string;
  readonly amount: bigint;
  readonly approved: bigint;
}

/** Approval is the act of a second person (seed 000, claim 1(a)). @returns why this one cannot approve the offer */
export function refusalBySelf(offer: OfferToApprove, approvedBy: string): string | undefined {
  const author = offer.writtenBy.find((writer) => samePerson(writer, approvedBy));
  if (author !== undefined) return `was written by ${author}`;
  return offer.submittedBy !== null && samePerson(offer.submittedBy, approvedBy)
    ? `was submitted by ${offer.submittedBy}`
    : undefined;
}

/** Offers that would bring their campaign above what it may spend, and why; the first ones fit first. */
export function refusalsByBudget(
  offers: readonly OfferToApprove[],
  budgets: ReadonlyMap<string, CampaignBudget>,
): Map<string, string> {
  const spent = new Map([...budgets].map(([campaignId, { approved }]) => [campaignId, approved]));
  const refusals = new Map<string, string>();
  for (const { offerId, campaignId, currency, budget } of offers) {
    const campaign = budgets.get(campaignId);
    if (!campaign) continue;
    const left = campaign.amount - spent.get(campaignId)!;
    const why = overBudget({ currency, budget }, { currency: campaign.currency, left });
    if (why) refusals.set(offerId, why);
    else spent.set(campaignId, spent.get(campaignId)! + budget!);
  }
  return refusals;
}

function overBudget(
  { currency, budget }: Pick<OfferToApprove, 'currency' | 'budget'>,
  campaign: { currency: string; left: bigint },
): string | undefined {
  if (budget === undefined) return 'needs a budget, for its campaign has one';
  if (currency !== campaign.currency)
    return `is in ${currency}, its campaign's budget in ${campaign.currency}`;
  return budget > campaign.left
    ? `may spend ${budget}, and its campaign has ${campaign.left} left`
    : undefined;
}

// Another spelling must not make a second person.
function samePerson(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
