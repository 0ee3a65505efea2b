import { lockAccountForShare } from '../../accounts/account-lock.ts';
import type { User } from '../../accounts/user.entity.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../clock.ts';
import type { Database, EntityManager } from '../../database/database.ts';
import type { ClientInfo } from '../../rules/caller.ts';
import { limitsOfNewSession } from '../../rules/account-policy.ts';
import type { PolicyBounds } from '../../rules/policy.ts';
import type { ReplaceableSession, SessionReplacement } from '../../sessions/replace-session.ts';
import type { Flow } from '../../tokens/flow-token.ts';
import { isChosenIn } from '../end-session-ids.ts';
import { recordFailedLogin } from '../record-failed-login.ts';
import { signerOf, type SignInSessions } from '../sign-in-session.ts';
import {
  isMicrosoft,
  readPerson,
  authenticationBefore,
  reauthenticationAge,
  verifiedEmail,
  type Claims,
  type Person,
} from './claims.ts';
import { findLinkedUserId, findUserOf, linkIdentity } from './identities.ts';
import type { Provider, ProviderResult } from './provider.ts';
import { refused, toRefusalError, type SignInOutcome } from './sign-in-outcome.ts';
import { isVouchedFor } from '../../rules/vouching.ts';

/** The sign-in that a person comes from. */
export interface Arrival {
  flow: Flow;
  provider: Provider;
  client: ClientInfo;
  /** The session that the browser had. */
  replaced: ReplaceableSession | null;
}

const APP_TYPE = 'CONTROL_PANEL';

type SignedIn = ProviderResult & { kind: 'signed in' };

/** Creates the session of a person whom a provider has authenticated, if the provider may vouch for a user here. */
export type AdmitPerson = (result: SignedIn, arrival: Arrival) => Promise<SignInOutcome>;

export function createPersonAdmission(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  bounds: PolicyBounds;
  replacement: SessionReplacement;
  sessions: SignInSessions;
}): AdmitPerson {
  const { database, audit, clock, bounds, replacement, sessions } = dependencies;

  /**
   * Reads the claims that may vouch for an e-mail address. Many providers return it, or whether they verified it, only
   * from the UserInfo endpoint, which is called when the address is needed: at a person's first sign-in. What UserInfo
   * says about it counts as a whole; an address of the ID token is never taken for the one that UserInfo calls verified.
   */
  async function readVouching(
    result: SignedIn,
    person: Person,
  ): Promise<{ kind: 'claims'; claims: Claims } | { kind: 'invalid' }> {
    const needsUserInfo =
      (result.claims.email === undefined || result.claims.email_verified === undefined) &&
      !isMicrosoft(person.issuer) &&
      (await database.withTimeout(findLinkedUserId(database.em(), person))) === null;
    return needsUserInfo ? result.readUserInfo() : { kind: 'claims', claims: result.claims };
  }

  async function enter(
    em: EntityManager,
    person: Person,
    email: string | null,
    { flow, provider, client, replaced }: Arrival,
  ): Promise<SignInOutcome> {
    const found = await findUserOf(em, person, email);
    if (!found) return refused('NOT_INVITED');
    const { user, isNew } = found;
    if (!user.isActive || !isVouchedFor(provider.settings, user)) {
      const { ipAddress } = client;
      await recordFailedLogin(
        em,
        audit,
        user,
        { details: { provider: provider.id }, ipAddress },
        clock.now(),
      );
      return refused('NOT_INVITED');
    }
    await replacement.lockAccountBefore(em, replaced, user.accountId);
    const account = await lockAccountForShare(em, user.accountId);
    await replacement.lockAccountAfter(em, replaced, user.accountId);
    // Their role may have changed before the lock.
    await em.refresh(user);
    const now = clock.now();
    const { absoluteMinutes } = limitsOfNewSession(account, { role: user.role, appType: APP_TYPE }, bounds);
    const maxAge = reauthenticationAge(person, absoluteMinutes * 60, now);
    if (maxAge !== null) return { kind: 'reauthenticate', maxAge, flow, provider };

    const created = await sessions.create(
      em,
      user,
      {
        passwordVersion: null,
        appType: APP_TYPE,
        authentication: { method: 'OIDC', providerId: provider.id },
        client,
        details: { provider: provider.id },
        providerAuthenticatedAt: authenticationBefore(person, now),
        endsBy: person.endsBy ?? undefined,
        isPersistent: flow.isPersistent,
        replacedSessionId: replaced?.session.id,
        isChosen: (sessionId) => isChosenIn(flow, sessionId),
      },
      now,
    );
    // The user was deactivated after the read above.
    if (!created) return refused('NOT_INVITED');
    if (isNew) await link(em, user, person, provider, client, now);
    const replacedSession = await replacement.end(em, replaced, signerOf(user, client));
    return { kind: 'created', created, replacedSession };
  }

  async function link(
    em: EntityManager,
    user: User,
    person: Person,
    provider: Provider,
    client: ClientInfo,
    now: Date,
  ): Promise<void> {
    const linking = await linkIdentity(em, person, user.id, now);
    if (linking === 'linked before') return;
    // A concurrent sign-in linked the subject with another user. Throwing also rolls the new session back.
    if (linking === 'linked with another') throw toRefusalError({ reason: 'NOT_INVITED' });
    await audit.record(
      em,
      {
        accountId: user.accountId,
        action: 'user.identity_linked',
        actor: { id: user.id, name: user.name },
        resource: { type: 'user', id: user.id },
        details: { provider: provider.id, issuer: person.issuer },
        ipAddress: client.ipAddress,
      },
      now,
    );
  }

  return async (result, arrival) => {
    const person = readPerson(result.claims);
    if (!person) return refused('PROVIDER_ANSWER_INVALID');
    const vouching = await readVouching(result, person);
    if (vouching.kind === 'invalid') return refused('PROVIDER_ANSWER_INVALID');
    const email = verifiedEmail(person.issuer, vouching.claims);
    return database.transaction((em) => enter(em, person, email, arrival));
  };
}
