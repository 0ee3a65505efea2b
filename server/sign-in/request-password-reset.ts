import { lockAccount } from '../accounts/account-lock.ts';
import { User } from '../accounts/user.entity.ts';
import { networkOf } from '../addresses.ts';
import type { Audit } from '../audit/audit.ts';
import { createWorkQueue } from '../background/work-queue.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { requireEmail, toAsciiLowerCase } from '../email.ts';
import { AppError, badInput } from '../errors.ts';
import type { Logger } from '../logger.ts';
import type { Mail, Mailer } from '../mail/mail.ts';
import type { MailboxLimit } from '../mail/mailbox-limit.ts';
import type { ClientInfo } from '../rules/caller.ts';
import { sha256Base64Url } from '../sha256.ts';
import { hasIdentity } from '../users/has-identity.ts';
import { createRequestedLink, findRecentLinks } from '../users/password-links.ts';
import type { FailureCounter } from './failure-counters.ts';
import { waitForStep } from './password-verification.ts';
import { lockActiveUser } from './replace-password.ts';

/**
 * Sends a link to set a password to the person who signs in with this e-mail, if there is one. What it answers, and when,
 * does not depend on that.
 * @throws BAD_USER_INPUT with `reason` MAIL_NOT_CONFIGURED or MALFORMED, RATE_LIMITED
 */
export type RequestPasswordReset = (email: string, client: ClientInfo) => Promise<void>;

export interface PasswordResetRequests {
  request: RequestPasswordReset;
  /** Resolves when the links of the requests so far are made. */
  stop(): Promise<void>;
}

/** For one person: a mailbox is not a way to disturb its owner. */
const MIN_SECONDS_BETWEEN_LINKS = 3 * 60;
const MAX_LINKS_PER_HOUR = 3;

/** Links that are made at a time, beside everything else that the database does, and those that may wait. */
const MAX_ACTIVE = 2;
const MAX_WAITING = 1_000;

/** @param perNetwork counts every request of a network, within 15 minutes */
export function createPasswordResetRequests({
  database,
  audit,
  clock,
  logger,
  mailer,
  publicUrl,
  perNetwork,
  perMailbox,
}: {
  database: Database;
  audit: Audit;
  clock: Clock;
  logger: Logger;
  mailer: Mailer;
  publicUrl: string;
  perNetwork: FailureCounter;
  perMailbox: MailboxLimit;
}): PasswordResetRequests {
  const work = createWorkQueue(MAX_ACTIVE);

  async function requireAllowed({ ipAddress }: ClientInfo): Promise<void> {
    const key = sha256Base64Url(networkOf(ipAddress));
    // Counted before it is checked, so that requests at the same moment see each other.
    await perNetwork.add(key);
    const count = await perNetwork.read(key);
    if (!count || count.failures <= perNetwork.limit) return;
    const retryAfterSeconds = Math.max(1, Math.ceil(count.msLeft / 1000));
    throw new AppError('RATE_LIMITED', 'Too many requests. Try again later.', { retryAfterSeconds });
  }

  /** Whether this person is sent a link now. One with only an identity provider is not: a mailbox is no way around it. */
  async function mayHaveLink(em: EntityManager, user: User, now: Date): Promise<boolean> {
    if (user.passwordHash === null && (await hasIdentity(em, user.id))) return false;
    const requested = (await findRecentLinks(em, user.id, now)).filter(({ isRequested }) => isRequested);
    const [latest] = requested;
    const isSoon = latest && now.getTime() - latest.createdAt.getTime() < MIN_SECONDS_BETWEEN_LINKS * 1000;
    return !isSoon && requested.length < MAX_LINKS_PER_HOUR;
  }

  /** Makes the link and its audit row in one transaction. Null: there is nothing to send. */
  const makeLink = ({ id, accountId, signInEmail }: User, ipAddress: string | null): Promise<Mail | null> =>
    database.accountTransaction(accountId, async (em) => {
      const account = await lockAccount(em, accountId);
      const user = await lockActiveUser(em, id);
      const now = clock.now();
      if (account.deletedAt !== null || !user || user.signInEmail !== signInEmail) return null;
      if (!(await mayHaveLink(em, user, now))) return null;
      const link = await createRequestedLink(em, id, publicUrl, now);
      await audit.record(
        em,
        {
          accountId,
          action: 'user.password_link_requested',
          // Anyone may have asked.
          actor: { id: null, name: 'unknown' },
          resource: { type: 'user', id },
          details: {},
          ipAddress,
        },
        now,
      );
      return { kind: 'forgotten_password', to: user.email, accountName: account.name, link };
    });

  async function sendLink(user: User, ipAddress: string | null): Promise<void> {
    try {
      // Before there is a link, which would have a row in the trail.
      if (!(await perMailbox.hasRoom(user.email))) return;
      const mail = await makeLink(user, ipAddress);
      if (mail && (await perMailbox.take(mail.to))) mailer.send(mail);
    } catch (error) {
      logger.warn({ part: 'mail', userId: user.id, err: error }, 'a requested link could not be made');
    }
  }

  return {
    async request(email, client) {
      const started = performance.now();
      if (!mailer.isConfigured)
        throw badInput('email', 'Curfew sends no mail here. Ask an owner of your account for a link.', {
          reason: 'MAIL_NOT_CONFIGURED',
        });
      const signInEmail = toAsciiLowerCase(requireEmail(email));
      await requireAllowed(client);
      const user = await database.withTimeout(database.em().findOne(User, { signInEmail }));
      await waitForStep(started);
      // After the answer is due: the locks, the link and the mail of someone who exists take time.
      if (!user) return;
      if (work.size < MAX_WAITING) work.add(() => sendLink(user, client.ipAddress));
      else
        logger.warn({ part: 'mail', userId: user.id }, 'a requested link was not made: too many are waiting');
    },
    stop: () => work.idle(),
  };
}
