import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import type { Logger } from '../logger.ts';
import type { Mailer } from '../mail/mail.ts';
import type { MailboxLimit } from '../mail/mailbox-limit.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import { createActiveUsers, type ActiveUsers } from './active-users.ts';
import { createMailLinks } from './mail-links.ts';
import { createUserFacts } from './user-facts.ts';
import { createUserList } from './user-list.ts';
import { createUserResolvers } from './user.resolvers.ts';

export interface UsersModule {
  readonly resolvers: Resolvers;
  readonly activeUsers: ActiveUsers;
}

/** The users of an account: invitations, roles, names, deactivation, and the lists of all and of those with a live session. */
export function createUsersModule(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  sharedReads: SharedReads;
  mailer: Mailer;
  mailboxes: MailboxLimit;
  logger: Logger;
  publicUrl: string;
  bounds: PolicyBounds;
  sensitiveMaxAgeSeconds: number;
}): UsersModule {
  return {
    activeUsers: createActiveUsers(dependencies),
    resolvers: createUserResolvers({
      administration: dependencies,
      mailLinks: createMailLinks(dependencies),
      userList: createUserList(dependencies),
      userFacts: createUserFacts(dependencies),
    }),
  };
}
