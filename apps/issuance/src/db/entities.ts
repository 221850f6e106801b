import { Column, CreateDateColumn, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { OfferState } from '@couplet/contracts';

/** Whatever parser the driver has for int8, code sees bigint. */
const int8 = {
  to: (value: bigint | null) => value?.toString() ?? null,
  from: (value: string | bigint | null) => (value === null ? null : BigInt(value)),
};

@Entity('product')
export class Product {
  @PrimaryColumn('text', { name: 'product_id' }) productId: string;
  @Column('text') manufacturer: string;
  @Column('text') department: string;
  @Column('text') brand: string;
  @Column('text') category: string;
  @Column('text') type: string;
  @Column('text', { name: 'package_size' }) packageSize: string;
}

@Entity('funding_party')
export class FundingParty {
  @PrimaryColumn('text') party: string;
  @Column('text') kind: 'manufacturer' | 'retailer' | 'bank' | 'other';
  @Column('text') title: string;
}

@Entity('campaign')
export class Campaign {
  @PrimaryColumn('uuid', { name: 'campaign_id' }) campaignId: string;
  @Column('text') title: string;
  @Column('timestamptz', { name: 'starts_at' }) startsAt: Date;
  @Column('timestamptz', { name: 'ends_at' }) endsAt: Date;
  @Column('text', { name: 'created_by' }) createdBy: string;
  @Column('text', { name: 'budget_currency', nullable: true }) budgetCurrency: string | null;
  /** Minor units. */
  @Column('int8', { name: 'budget_amount', nullable: true, transformer: int8 }) budgetAmount: bigint | null;
}

@Entity('store')
export class Store {
  @PrimaryColumn('text', { name: 'store_id' }) storeId: string;
  @Column('text', { name: 'time_zone' }) timeZone: string;
  @Column('int') version: number;
}

@Entity('offer')
export class Offer {
  @PrimaryColumn('uuid', { name: 'offer_id' }) offerId: string;
  @Column('uuid', { name: 'campaign_id' }) campaignId: string;
  @Column('text') title: string;
  /** As on the wire: `OfferTerms`, not yet decoded. */
  @Column('jsonb') terms: object;
  /** As on the wire: `OfferConditions`. */
  @Column('jsonb') conditions: object;
  @Column('text') state: OfferState;
  /** Counts every change. */
  @Column('int') version: number;
  @Column('text', { name: 'drafted_by' }) draftedBy: string;
  @CreateDateColumn({ type: 'timestamptz', name: 'drafted_at' }) draftedAt: Date;
  /** Everybody who drafted or revised it. */
  @Column('text', { name: 'written_by', array: true }) writtenBy: string[];
  @Column('text', { name: 'submitted_by', nullable: true }) submittedBy: string | null;
  @Column('timestamptz', { name: 'submitted_at', nullable: true }) submittedAt: Date | null;
  @Column('text', { name: 'approved_by', nullable: true }) approvedBy: string | null;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt: Date | null;
  /** From then on it is open at no store, whatever its time zone. */
  @Column('timestamptz', { name: 'closes_at' }) closesAt: Date;
}

@Entity('audit_entry')
export class AuditEntry {
  @PrimaryGeneratedColumn('identity', { type: 'int8', generatedIdentity: 'ALWAYS' }) id: string;
  @CreateDateColumn({ type: 'timestamptz' }) at: Date;
  /** The person, as far as the request names one; else the caller. */
  @Column('text') actor: string;
  @Column('text') caller: string;
  @Column('text') act: string;
  /** What was changed: `offer:<id>`, `campaign:<id>`, `party:<name>`, `store:<id>`, `codes:<batch id>`, `products`. */
  @Column('text') subject: string;
  @Column('jsonb', { nullable: true }) detail: object | null;
}

export const ENTITIES = [Product, FundingParty, Campaign, Store, Offer, AuditEntry];
