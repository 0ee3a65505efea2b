import { User } from '../../accounts/user.entity.ts';
import type { Audit } from '../../audit/audit.ts';
import { addSeconds, type Clock } from '../../clock.ts';
import type { Database, EntityManager } from '../../database/database.ts';
import type { TokenTransport } from '../../generated/schema.ts';
import type { Caller, ClientInfo } from '../../rules/caller.ts';
import { isVouchedFor } from '../../rules/vouching.ts';
import type {
  PresentedRefreshToken,
  ReauthenticationRequest,
  SessionReauthentication,
} from '../../sessions/reauthenticate-session.ts';
import { invalidRefreshToken } from '../../sessions/refresh-refusals.ts';
import type { SessionReader } from '../../sessions/session-reader.ts';
import { OWN_AUDIENCE } from '../../tokens/access-token.ts';
import type { FlowReauthentication } from '../../tokens/flow-token.ts';
import { recordFailedLogin } from '../record-failed-login.ts';
import { readPerson, type Person } from './claims.ts';
import { findLinkedUserId } from './identities.ts';
import type { Provider, ProviderResult } from './provider.ts';
import { refused, type SignInOutcome } from './sign-in-outcome.ts';

/** What the browser brings of the session whose user authenticates again. */
export interface BroughtAlong {
  caller: Caller;
  /** Null: the argument was absent. */
  refreshToken: string | null;
  /** Null: the browser has none. */
  cookie: string | null;
  /** How the response brings the refresh token where none came. */
  transport: TokenTransport;
  /** True when the client has closed its connection. */
  isGone(): boolean;
}

/** A session of the flow's user, before the provider is asked. */
export interface Confirmation {
  flow: FlowReauthentication;
  accountId: string;
  presented: PresentedRefreshToken | null;
  /** How it came. Null: none came. */
  via: TokenTransport | null;
  request: ReauthenticationRequest;
}

/** Completes a flow in which the user of a session proves again, at a provider, who they are. */
export interface PersonConfirmation {
  /**
   * Null: the flow belongs to another session than the caller's, or to none that there is.
   * @throws INVALID_REFRESH_TOKEN for a token of another session
   */
  prepare(flow: FlowReauthentication, given: BroughtAlong, client: ClientInfo): Promise<Confirmation | null>;
  /** Gives the session its new authentication. @throws as `SessionReauthentication.reauthenticate` */
  confirm(
    result: ProviderResult & { kind: 'signed in' },
    confirmation: Confirmation,
    provider: Provider,
  ): Promise<SignInOutcome>;
}

/** How far the provider's clock may be behind Curfew's. */
const CLOCK_DIFFERENCE_SECONDS = 60;

export function createPersonConfirmation(dependencies: {
  database: Database;
  audit: Audit;
  clock: Clock;
  sessionReader: SessionReader;
  reauthentication: SessionReauthentication;
}): PersonConfirmation {
  const { database, audit, clock, sessionReader, reauthentication } = dependencies;

  /** The argument has to be of this session. So has the cookie that the response overwrites; another stays as it is. */
  async function findPresented(
    sessionId: string,
    { refreshToken, cookie, transport }: BroughtAlong,
  ): Promise<Pick<Confirmation, 'presented' | 'via'>> {
    const presented = await reauthentication.findToken(refreshToken ?? cookie, sessionId);
    if (presented) return { presented, via: refreshToken === null ? 'COOKIE' : 'BODY' };
    if (refreshToken !== null || (cookie !== null && transport === 'COOKIE')) throw invalidRefreshToken();
    return { presented: null, via: null };
  }

  /** Why the person whom the provider has authenticated cannot stand for the flow's user. Null: they can. */
  async function findFault(
    em: EntityManager,
    person: Person,
    { flow, request: { ipAddress } }: Confirmation,
    provider: Provider,
  ): Promise<'ANOTHER_PERSON' | 'NOT_INVITED' | null> {
    const user = await em.findOneOrFail(User, flow.userId);
    const isSame = (await findLinkedUserId(em, person)) === flow.userId;
    if (isSame && isVouchedFor(provider.settings, user)) return null;
    await recordFailedLogin(em, audit, user, { details: { provider: provider.id }, ipAddress }, clock.now());
    return isSame ? 'NOT_INVITED' : 'ANOTHER_PERSON';
  }

  return {
    async prepare(flow, given, client) {
      const { sessionId, userId } = flow;
      const { caller, isGone } = given;
      if (caller.kind === 'user' && caller.viewer.session.id !== sessionId) return null;
      const found = await sessionReader.find(sessionId);
      if (found?.session.userId !== userId) return null;
      const { accountId } = found.session;
      const request = { audience: OWN_AUDIENCE, ipAddress: client.ipAddress, isGone };
      return { flow, accountId, request, ...(await findPresented(sessionId, given)) };
    },

    async confirm(result, confirmation, provider) {
      const { flow, accountId, presented, via, request } = confirmation;
      const person = readPerson(result.claims);
      // A provider that is asked with `max_age` has to say when it was (OpenID Connect Core 1.0, section 2).
      if (!person?.authenticatedAt) return refused('PROVIDER_ANSWER_INVALID');
      const isNew = person.authenticatedAt >= addSeconds(flow.startedAt, -CLOCK_DIFFERENCE_SECONDS);
      if (!isNew || (person.endsBy && person.endsBy <= clock.now())) return { kind: 'not reauthenticated' };

      const fault = await database.transaction((em) => findFault(em, person, confirmation, provider));
      if (fault) return refused(fault);
      const proof = {
        authentication: { method: 'OIDC', providerId: provider.id },
        passwordVersion: null,
        endsBy: person.endsBy,
        requestHash: null,
      } as const;
      const session = { id: flow.sessionId, accountId, userId: flow.userId };
      const tokens = await reauthentication.reauthenticate(session, presented, proof, request);
      // The user was deactivated after the read above.
      return tokens ? { kind: 'reauthenticated', tokens, via } : refused('NOT_INVITED');
    },
  };
}
