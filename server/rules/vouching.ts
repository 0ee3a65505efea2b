import { domainOf } from '../email.ts';

/** The users that an identity provider may vouch for, as the operator configured it. */
export interface Vouching {
  /** Absent: those of every domain. */
  readonly emailDomains?: readonly string[];
  /** Absent: those of every account. */
  readonly accountIds?: readonly string[];
}

export const isUnlimited = ({ emailDomains, accountIds }: Vouching): boolean =>
  emailDomains === undefined && accountIds === undefined;

/**
 * Tells whether the provider may vouch for this user, by sign-in e-mail and account. Checked at every sign-in, so
 * that a restriction by the operator also applies to users linked before.
 */
export function isVouchedFor(
  { emailDomains, accountIds }: Vouching,
  { signInEmail, accountId }: { signInEmail?: string | null; accountId: string },
): boolean {
  const isDomain =
    emailDomains === undefined || (signInEmail != null && emailDomains.includes(domainOf(signInEmail)));
  return isDomain && (accountIds === undefined || accountIds.includes(accountId));
}

/**
 * The forms in which the provider's own metadata and tokens may spell a configured issuer: as configured, and as a URL
 * with and without its last slash.
 */
export function issuerForms(issuer: string): string[] {
  const { href } = new URL(issuer);
  return [...new Set([issuer, href, href.replace(/\/$/, '')])];
}

/** Finds the providers that may vouch for a user, out of those that the user is linked with. */
export function findLinkedProviders<P extends Vouching & { issuer: string }>(
  providers: readonly P[],
): (user: { signInEmail: string | null; accountId: string; issuers: readonly string[] }) => P[] {
  const known = providers.map((provider) => ({ provider, forms: new Set(issuerForms(provider.issuer)) }));
  return (user) =>
    known
      .filter(
        ({ provider, forms }) =>
          user.issuers.some((issuer) => forms.has(issuer)) && isVouchedFor(provider, user),
      )
      .map(({ provider }) => provider);
}
