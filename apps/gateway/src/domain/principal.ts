import { type ClientScope, type HttpAccess, HttpProblemError, type Identity } from '@couplet/contracts';

/** Who asks, after it was proved. */
export type Principal =
  | {
      readonly kind: 'client';
      readonly clientId: string;
      readonly scopes: readonly ClientScope[];
      readonly storeId?: string | undefined;
      readonly relay?: string | undefined;
    }
  | { readonly kind: 'holder'; readonly holderId: string };

/** What somebody's keys and limits belong to: all clients of one store share them, as its tills do. */
export function ownerOf(principal: Principal): string {
  if (principal.kind === 'holder') return `holder:${principal.holderId}`;
  return principal.storeId === undefined ? `client:${principal.clientId}` : `store:${principal.storeId}`;
}

/** @throws HttpProblemError if it has none: a route asks only for what its access brings */
export function identityOf(principal: Principal, identity: Identity): string {
  const value = (principal as Partial<Record<Identity, string>>)[identity];
  if (value === undefined) throw new HttpProblemError('caller-not-allowed', `you have no ${identity}`);
  return value;
}

/** @throws HttpProblemError `caller-not-allowed` */
export function refuseUnlessAllowed(principal: Principal, access: HttpAccess): void {
  const allowed =
    principal.kind === 'holder' ? access === 'holder' : principal.scopes.some((scope) => scope === access);
  if (!allowed) {
    throw new HttpProblemError(
      'caller-not-allowed',
      `this needs ${access === 'holder' ? 'a holder' : `scope ${access}`}`,
    );
  }
}
