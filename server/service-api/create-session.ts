import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { badInput, notFound } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { AppType } from '../generated/schema.ts';
import type { User } from '../accounts/user.entity.ts';
import type { ServiceCaller } from '../rules/caller.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { Session } from '../rules/session.ts';
import { createSession } from '../sessions/create-session.ts';
import { publishStart } from '../sessions/publish-start.ts';
import type { SessionRevoker } from '../sessions/revoke.ts';
import { findAccount } from './accounts.ts';
import { cleanUserAgent, requireIpAddress } from './input.ts';
import { actorOf } from './key-reach.ts';
import { createSecret, hashSecretToBytes } from './secret.ts';
import { lockServiceKey } from './service-keys.ts';
import {
  accountRequired,
  findOrCreateUser,
  findUser,
  queueOf,
  toLabel,
  toUserReference,
  type Label,
  type UserArguments,
  type UserReference,
} from './users.ts';

/** The arguments of `createSession`, as they come in. */
export interface ServiceSignIn extends UserArguments {
  email?: string | null;
  name?: string | null;
  appType: AppType;
  /** The address and user agent of the user's browser. */
  ipAddress?: string | null;
  userAgent?: string | null;
  /** The latest absolute deadline. Absent: that of the policy. */
  absoluteExpiresAt?: Date | null;
}

export interface CreatedServiceSession {
  sessionToken: string;
  session: Session;
}

/**
 * `ipAddress` is that of the calling back end, for the audit trail. No one can be asked which session is to end, so ASK is
 * DENY.
 * @throws BAD_USER_INPUT, NOT_FOUND, SESSION_LIMIT_REACHED
 */
export type CreateServiceSession = (
  service: ServiceCaller,
  signIn: ServiceSignIn,
  ipAddress: string | null,
) => Promise<CreatedServiceSession>;

export function createSessionCreator(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  bounds: PolicyBounds;
  revoker: SessionRevoker;
}): CreateServiceSession {
  const { database, audit, bus, clock } = dependencies;

  /** The user of the sign-in. A user named by an external id is created at their first sign-in. */
  function userOf(
    em: EntityManager,
    service: ServiceCaller,
    given: { accountId: string; user: UserReference['user']; label: Label; ipAddress: string | null },
    now: Date,
  ): Promise<User> {
    const { accountId, user, label, ipAddress } = given;
    return 'externalId' in user
      ? findOrCreateUser(
          em,
          service,
          { accountId, externalId: user.externalId, label },
          { audit, ipAddress },
          now,
        )
      : findUser(em, service, { user, account: { id: accountId } });
  }

  return async (service, signIn, ipAddress) => {
    const reference = toUserReference(service, signIn);
    if (service.accountId === null && reference.account === null) throw accountRequired();
    const label = toLabel(signIn);
    const browser = {
      ipAddress: requireIpAddress(signIn.ipAddress),
      userAgent: cleanUserAgent(signIn.userAgent),
    };
    const sessionToken = createSecret();

    const created = await database.accountTransaction(queueOf(service, reference), async (em) => {
      const accountId = await findAccount(em, service, reference.account);
      if (accountId === null) throw accountRequired();
      const account = await lockAccountForShare(em, accountId);
      if (account.deletedAt) throw notFound('Account');
      const now = clock.now();
      const endsBy = requireFuture(signIn.absoluteExpiresAt, now);
      const user = await userOf(em, service, { accountId, user: reference.user, label, ipAddress }, now);
      const opening = {
        accountId,
        userId: user.id,
        passwordVersion: null,
        appType: signIn.appType,
        authentication: { method: 'SERVICE' } as const,
        client: browser,
        actor: actorOf(service),
        tokenHash: hashSecretToBytes(sessionToken),
        serviceKeyId: service.keyId,
        endsBy,
      };
      const opened = await createSession(em, opening, dependencies, now);
      await lockServiceKey(em, service, clock);
      if (opened) return opened;
      const field = 'id' in reference.user ? 'userId' : 'externalId';
      throw badInput(field, 'This user has been deactivated.', { reason: 'USER_INACTIVE' });
    });
    publishStart(bus, created, 'service');
    return { sessionToken, session: created.session };
  };
}

/** By the clock after the wait for the account: a session is not over when it begins. @throws BAD_USER_INPUT */
function requireFuture(absoluteExpiresAt: Date | null | undefined, now: Date): Date | undefined {
  if (absoluteExpiresAt == null) return undefined;
  if (absoluteExpiresAt > now) return absoluteExpiresAt;
  throw badInput('absoluteExpiresAt', 'absoluteExpiresAt must be in the future.', {
    reason: 'OUT_OF_BOUNDS',
  });
}
