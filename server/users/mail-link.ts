import { Account } from '../accounts/account.entity.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Role } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Mailer } from '../mail/mail.ts';
import { findRecentLinks } from './password-links.ts';
import type { ChangedBy, UserWithPasswordLink } from './user-administration.ts';

/**
 * Sends an owner's link to the person it is for. Called after the commit: the owner has the link with or without the mail.
 * Never fails. False: no mail is sent.
 */
export type MailLink = (
  by: ChangedBy,
  what: { kind: 'invitation'; role: Role } | { kind: 'password_link' },
  made: UserWithPasswordLink,
) => Promise<boolean>;

/** Links of one person that are mailed within an hour, so that no owner fills a stranger's mailbox. */
const MAX_MAILED_LINKS = 5;

export function createMailLink({
  mailer,
  database,
  clock,
  logger,
}: {
  mailer: Mailer;
  database: Database;
  clock: Clock;
  logger: Logger;
}): MailLink {
  return async ({ viewer }, what, { user, setPasswordUrl: link }) => {
    // The link of an inactive user does not work.
    if (!mailer.isConfigured || !user.isActive) return false;
    try {
      const recent = await database.withTimeout(findRecentLinks(database.em(), user.id, clock.now()));
      if (recent.filter(({ isRequested }) => !isRequested).length > MAX_MAILED_LINKS) return false;
      const account = await database.withTimeout(database.em().findOneOrFail(Account, user.accountId));
      return mailer.send({ ...what, to: user.email, accountName: account.name, by: viewer.name, link });
    } catch (error) {
      logger.warn({ part: 'mail', kind: what.kind, err: error }, 'a link was made and not sent by mail');
      return false;
    }
  };
}
