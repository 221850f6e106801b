import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';
import type { OfferState } from '../domain/offer-states.ts';

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
  @Column('text', { name: 'drafted_by' }) draftedBy: string;
  @Column('text', { name: 'submitted_by', nullable: true }) submittedBy: string | null;
  @Column('timestamptz', { name: 'submitted_at', nullable: true }) submittedAt: Date | null;
  @Column('text', { name: 'approved_by', nullable: true }) approvedBy: string | null;
  @Column('timestamptz', { name: 'approved_at', nullable: true }) approvedAt: Date | null;
}

@Entity('audit_entry')
export class AuditEntry {
  @PrimaryGeneratedColumn('identity', { type: 'int8', generatedIdentity: 'ALWAYS' }) id: string;
  /** The person, as far as the request names one; else the caller. */
  @Column('text') actor: string;
  @Column('text') caller: string;
  @Column('text') act: string;
  /** What was changed: `offer:<id>`, `campaign:<id>`, `party:<name>`, `products`. */
  @Column('text') subject: string;
  @Column('jsonb', { nullable: true }) detail: object | null;
}

export const ENTITIES = [Product, FundingParty, Campaign, Offer, AuditEntry];
