import type { Role } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Mailer } from '../mail/mail.ts';
import type { MailboxLimit } from '../mail/mailbox-limit.ts';
import type { ChangedBy, UserWithPasswordLink } from './user-administration.ts';

export type LinkKind = { kind: 'invitation'; role: Role } | { kind: 'password_link' };

/**
 * Sends an owner's links to the people they are for. Called after the commit: the owner has the links with or without mail.
 * Never fails, and takes no longer than a request has time for. The answers are in the order of the links; false: no mail
 * is sent.
 */
export interface MailLinks {
  sendOne(by: ChangedBy, kind: LinkKind, made: UserWithPasswordLink): Promise<boolean>;
  sendInvitations(
    by: ChangedBy,
    made: readonly (UserWithPasswordLink & { role: Role })[],
  ): Promise<boolean[]>;
}

/** Mailboxes that are counted at a time: those of one step share their statements. */
const STEP = 50;
/** For all mails of a request. Counting takes this long only when the counters hang. */
const MAX_MS = 3_000;

export function createMailLinks({
  mailer,
  mailboxes,
  logger,
}: {
  mailer: Mailer;
  mailboxes: MailboxLimit;
  logger: Logger;
}): MailLinks {
  async function send({ viewer }: ChangedBy, kind: LinkKind, made: UserWithPasswordLink): Promise<boolean> {
    const { user, setPasswordUrl: link, accountName } = made;
    // The link of an inactive user does not work.
    if (!mailer.isConfigured || !user.isActive) return false;
    try {
      if (!(await mailboxes.take(user.email))) return false;
      return mailer.send({ ...kind, to: user.email, accountName, by: viewer.name, link });
    } catch (error) {
      logger.warn({ part: 'mail', kind: kind.kind, err: error }, 'a link was made and not sent by mail');
      return false;
    }
  }

  return {
    sendOne: send,
    async sendInvitations(by, made) {
      const sent: boolean[] = [];
      const started = performance.now();
      while (sent.length < made.length) {
        if (performance.now() - started > MAX_MS) {
          const links = made.length - sent.length;
          logger.warn(
            { part: 'mail', kind: 'invitation', links },
            'links were made and not sent by mail: no time was left',
          );
          return made.map((_, index) => sent[index] ?? false);
        }
        const step = made.slice(sent.length, sent.length + STEP);
        sent.push(
          ...(await Promise.all(step.map((each) => send(by, { kind: 'invitation', role: each.role }, each)))),
        );
      }
      return sent;
    },
  };
}
