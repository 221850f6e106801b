import { randomUUID } from 'node:crypto';
import {
  AcquireCouponsV1,
  ApproveOffersV1,
  CreateCampaignsV1,
  DraftOffersV1,
  ImportProductsV1,
  IssueCodeV1,
  RegisterFundingPartiesV1,
  RegisterHoldersV1,
  requestSubject,
  ScanCodeV1,
  SubmitOffersV1,
} from '@couplet/contracts';
import { holderIdOf, holderOf, pointCardOf } from '../../plan/holders.ts';
import { paymentCardOf } from '../../plan/cards.ts';
import { CURRENCY, type OfferDraft } from '../../plan/offers.ts';
import type { SettleBody } from '../../plan/settle-request.ts';
import { askUntilAnswered } from '../../replay/ask.ts';
import type { Operator } from '../../replay/operator.ts';
import { RELAY } from '../../topology/nats-users.ts';
import type { NatsConnection } from '../../topology/start-topology.ts';
import { ASK } from '../settings.ts';
import { leadThroughLife } from './lead-through-life.ts';
import { DISCOUNT, PRICE, type SaleKind } from './sales.ts';

const PRODUCT = 'faults-coffee';
const PARTY = 'manufacturer:faults';
const DAY_MS = 86_400_000;

/** One product, one campaign, and households that come once each. */
export class Shop {
  private readonly campaignId = randomUUID();
  private readonly openedAt = new Date();
  private readonly offerId = randomUUID();
  private readonly creditOfferId = randomUUID();
  private households = 0;

  constructor(private readonly operator: Operator) {}

  async open(): Promise<void> {
    const product = { productId: PRODUCT, manufacturer: '1', department: 'GROCERY', brand: 'National' };
    await this.operator.ask(ImportProductsV1, {
      products: [{ ...product, category: 'COFFEE', type: 'GROUND', packageSize: '12 OZ' }],
    });
    await this.operator.ask(RegisterFundingPartiesV1, {
      parties: [{ party: PARTY, kind: 'manufacturer', title: 'Manufacturer of the fault suite' }],
    });
    await this.operator.ask(CreateCampaignsV1, {
      createdBy: 'ann',
      campaigns: [
        {
          campaignId: this.campaignId,
          title: 'Fault suite',
          startsAt: this.daysFromNow(-1),
          endsAt: this.daysFromNow(30),
        },
      ],
    });
    await this.approve([
      this.offer(this.offerId),
      this.offer(this.creditOfferId, { settledBy: 'statement-credit' }),
    ]);
  }

  /** A household nobody has seen, with its cards. */
  newHousehold(): string {
    return String(900_000_000 + ++this.households);
  }

  async register(households: readonly string[]): Promise<void> {
    await this.operator.ask(RegisterHoldersV1, {
      holders: households.map((household) => holderOf(household)),
    });
  }

  /** Gives the household one coupon: of that offer, or one that the till takes off or that is credited after the sale. */
  async giveCoupon(household: string, kind: { offerId?: string; credited?: true } = {}): Promise<void> {
    const { offerId = kind.credited ? this.creditOfferId : this.offerId } = kind;
    await this.operator.ask(AcquireCouponsV1, {
      acquisitionId: randomUUID(),
      holderId: holderIdOf(household),
      channel: 'mobile',
      acquiredAt: this.openedAt.toISOString(),
      offerIds: [offerId],
    });
  }

  /** Offers of this shop's kind, each with these limits. @returns their ids; the registry learns of them by events */
  async newOffers(count: number, limits?: OfferDraft['conditions']['limits']): Promise<string[]> {
    const offers = Array.from({ length: count }, () => this.offer(randomUUID(), { limits }));
    await this.approve(offers);
    return offers.map(({ offerId }) => offerId);
  }

  /** Every step of administration there is, by an offer and a household of their own. */
  async administrate(): Promise<void> {
    await leadThroughLife(this.operator, this.offer(randomUUID()), this.newHousehold());
  }

  /** A bar code of a new household's coupon, typed in at a till. */
  async scan(tills: NatsConnection): Promise<void> {
    const household = this.newHousehold();
    await this.register([household]);
    await this.giveCoupon(household);
    const issued = await this.operator.ask(IssueCodeV1, {
      codeId: randomUUID(),
      holderId: holderIdOf(household),
      productIds: [PRODUCT],
      mode: 'single-use',
      symbol: { symbology: 'qr', format: 'svg', screen: { widthPx: 512, heightPx: 512, pixelsPerInch: 300 } },
    });
    const scan = {
      scanId: randomUUID(),
      storeId: '301',
      terminalId: '1',
      scannedAt: new Date().toISOString(),
      code: issued.typed.code,
      lines: [{ productId: PRODUCT, amount: Number(PRICE) }],
    };
    const answer = await askUntilAnswered(tills, requestSubject(ScanCodeV1, RELAY), scan, ASK);
    if (answer.kind !== 'reply') throw new Error(`a scan was not answered: ${JSON.stringify(answer)}`);
  }

  /** A basket of one piece; its coupon is found by the household's point card, whatever card pays. */
  saleTo(
    household: string,
    {
      capture = 'immediate',
      card = paymentCardOf(household),
      acceptPartialApproval = false,
    }: Partial<Pick<SaleKind, 'capture' | 'card' | 'acceptPartialApproval'>> = {},
  ): Omit<SettleBody, 'attemptId'> {
    const amount = Number(PRICE);
    return {
      storeId: '301',
      terminalId: '1',
      presentedAt: new Date().toISOString(),
      payment: { kind: 'credit-card', id: card },
      media: [pointCardOf(household)],
      purpose: 'purchase',
      currency: CURRENCY,
      amount,
      capture,
      acceptPartialApproval,
      lines: [{ lineId: '1', productId: PRODUCT, quantity: '1', unit: 'each', amount, discountable: true }],
    };
  }

  private async approve(offers: OfferDraft[]): Promise<void> {
    const offerIds = offers.map(({ offerId }) => offerId);
    await this.operator.ask(DraftOffersV1, { draftedBy: 'ann', offers });
    await this.operator.ask(SubmitOffersV1, { submittedBy: 'ann', offerIds });
    await this.operator.ask(ApproveOffersV1, { approvedBy: 'bob', offerIds });
  }

  private offer(offerId: string, conditions: Partial<OfferDraft['conditions']> = {}): OfferDraft {
    return {
      offerId,
      campaignId: this.campaignId,
      title: '$1.00 off coffee',
      terms: {
        currency: CURRENCY,
        requires: [{ productIds: [PRODUCT], quantity: 1 }],
        reward: { kind: 'amount-off', amount: DISCOUNT },
        funding: [{ party: PARTY, shareBps: 10_000 }],
      },
      conditions: {
        purposes: ['purchase'],
        validFrom: this.daysFromNow(-1),
        validTo: this.daysFromNow(30),
        ...conditions,
      },
    };
  }

  private daysFromNow(days: number): string {
    return new Date(this.openedAt.getTime() + days * DAY_MS).toISOString();
  }
}
