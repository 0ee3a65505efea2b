import { domainOf } from '../../email.ts';
import type { User } from '../../accounts/user.entity.ts';
import type { ProviderSettings } from '../../config/providers.ts';

/** The users that a provider may vouch for, as the operator configured it. */
export type Vouching = Pick<ProviderSettings, 'emailDomains' | 'accountIds'>;

export const isUnlimited = ({ emailDomains, accountIds }: Vouching): boolean =>
  emailDomains === undefined && accountIds === undefined;

/**
 * Tells whether the provider may vouch for this user, by sign-in e-mail and account. Checked at every sign-in, so
 * that a restriction by the operator also applies to users linked before.
 */
export function isVouchedFor(
  { emailDomains, accountIds }: Vouching,
  { signInEmail, accountId }: Pick<User, 'signInEmail' | 'accountId'>,
): boolean {
  const isDomain =
    emailDomains === undefined || (signInEmail != null && emailDomains.includes(domainOf(signInEmail)));
  return isDomain && (accountIds === undefined || accountIds.includes(accountId));
}
