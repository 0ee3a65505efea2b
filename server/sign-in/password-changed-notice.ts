import type { Account } from '../accounts/account.entity.ts';
import type { User } from '../accounts/user.entity.ts';
import type { Mail } from '../mail/mail.ts';

/** Tells a person that their password was changed, which another person may have done. */
export const passwordChangedNotice = (user: User, account: Account): Mail => ({
  kind: 'password_changed',
  to: user.email,
  accountName: account.name,
});
