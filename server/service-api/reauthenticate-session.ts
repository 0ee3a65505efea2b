import type { Account } from '../accounts/account.entity.ts';
import { lockAccountForShare } from '../accounts/account-lock.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { notFound } from '../errors.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { ServiceCaller } from '../rules/caller.ts';
import type { SessionWithUser } from '../sessions/user-row.ts';
import { limitsOfNewSession } from '../rules/account-policy.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import { writeServiceReauthentication } from '../sessions/reauthenticate.sql.ts';
import { recordReauthentication } from '../sessions/record-reauthentication.ts';
import { lockSessionWithUser } from '../sessions/rotate.sql.ts';
import type { CreatedServiceSession } from './create-session.ts';
import { actorOf, isInReach } from './key-reach.ts';
import { createSecret, hashSecretToBytes } from './secret.ts';
import { lockServiceKey } from './service-keys.ts';
import type { SessionTokens } from './session-tokens.ts';

/**
 * Records that the application has authenticated the user of its session again, and gives out a new token in place of the
 * presented one. Of two calls with one token, one gets the new token. `ipAddress` is that of the calling back end.
 * @throws NOT_FOUND
 */
export type ReauthenticateServiceSession = (
  service: ServiceCaller,
  sessionToken: string,
  ipAddress: string | null,
) => Promise<CreatedServiceSession>;

export function createSessionReauthenticator(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  bounds: PolicyBounds;
  sessionTokens: SessionTokens;
}): ReauthenticateServiceSession {
  const { database, audit, bus, clock, bounds, sessionTokens } = dependencies;

  const policyFor = (account: Account, { session, user }: SessionWithUser) =>
    limitsOfNewSession(account, { role: user.role, appType: session.appType }, bounds);

  return async (service, presented, ipAddress) => {
    const found = await sessionTokens.find(presented);
    if (!found || !isInReach(service, found.session.accountId)) throw notFound('Session');
    const { id, accountId, userId } = found.session;
    const sessionToken = createSecret();
    const token = { oldHash: hashSecretToBytes(presented), newHash: hashSecretToBytes(sessionToken) };

    const session = await database.accountTransaction(accountId, async (em) => {
      const account = await lockAccountForShare(em, accountId);
      const locked = await lockSessionWithUser(em, id, null);
      const now = clock.now();
      const session = locked?.user.isActive
        ? await writeServiceReauthentication(em, id, token, policyFor(account, locked), now)
        : null;
      if (session) {
        const by = { actor: actorOf(service), details: { user_id: userId }, ipAddress };
        await recordReauthentication(em, audit, session, by, now);
      }
      await lockServiceKey(em, service, clock);
      if (!session) throw notFound('Session');
      return session;
    });
    bus.publish({ accountId, kind: 'EXTENDED', sessionIds: [id] });
    return { sessionToken, session };
  };
}
