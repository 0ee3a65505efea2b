import { randomBytes } from 'node:crypto';
import { shareAccount } from '../../accounts/account.lock.ts';
import type { ClientInfo } from '../../accounts/caller.ts';
import type { User } from '../../accounts/user.entity.ts';
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../clock.ts';
import type { Database, EntityManager } from '../../database/orm.ts';
import { AppError, badInput, notFound } from '../../errors.ts';
import type { SessionBus } from '../../expiry/session-bus.ts';
import { effectivePolicy, type PolicyLimits } from '../../policies/policy.ts';
import type { Grant, Grants } from '../../sessions/session.grant.ts';
import { openSession, type OpenedSession } from '../../sessions/session.opening.ts';
import { OWN_AUDIENCE } from '../../tokens/access-token.ts';
import type { Flow, FlowTokens } from '../../tokens/flow-token.ts';
import type { Throttle } from '../throttle.ts';
import type { Callback } from './callback.ts';
import {
  isMicrosoft,
  readPerson,
  reauthenticationAge,
  verifiedEmail,
  type Claims,
  type Person,
} from './claims.ts';
import { beginFlow, deriveSecrets, isAnswerTo } from './flow.ts';
import { findLinkedUserId, findUserOf, linkIdentity } from './identities.ts';
import type { Provider, ProviderAnswer } from './provider.ts';
import { releaseFlow, useFlow } from './used-flows.ts';

/** A sign-in that has begun: where to send the browser, and what it has to keep. */
export interface StartedFlow {
  authorizationUrl: string;
  flowToken: string;
  state: string;
}

export type Completion =
  | { kind: 'signed in'; grant: Grant }
  /** The person has to sign in at the provider anew; `next` null when they have just been asked to. */
  | { kind: 'reauthentication required'; next: StartedFlow | null };

export interface OidcSignInService {
  /** In the order in which they are configured. */
  readonly providers: readonly { id: string; name: string }[];
  /** @throws NOT_FOUND, BAD_USER_INPUT, UNAVAILABLE */
  start(given: { providerId: string; redirectUri: string }): Promise<StartedFlow>;
  /** `flowToken` null: the browser has none. @throws INVALID_CREDENTIALS with `reason`, RATE_LIMITED, UNAVAILABLE */
  complete(given: { callback: Callback; flowToken: string | null }, client: ClientInfo): Promise<Completion>;
}

type Refusal =
  | { reason: 'OAUTH_FLOW_INVALID' | 'PROVIDER_ANSWER_INVALID' | 'NOT_INVITED' }
  | { reason: 'PROVIDER_REFUSED'; providerError: string | undefined };

type Outcome =
  | { kind: 'refused'; refusal: Refusal }
  | { kind: 'opened'; opened: OpenedSession }
  /** In seconds: how long ago they may have signed in. */
  | { kind: 'reauthenticate'; maxAge: number; flow: Flow; provider: Provider };

const SEED_BYTES = 32;

const refused = (reason: Exclude<Refusal['reason'], 'PROVIDER_REFUSED'>): Outcome => ({
  kind: 'refused',
  refusal: { reason },
});

export function createOidcSignInService(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  grants: Grants;
  flowTokens: FlowTokens;
  throttle: Throttle;
  limits: PolicyLimits;
  providers: readonly Provider[];
  redirectUris: readonly string[];
}): OidcSignInService {
  const { database, audit, bus, clock, grants, flowTokens, throttle, limits, redirectUris } = dependencies;
  const providers = new Map(dependencies.providers.map((provider) => [provider.id, provider]));

  async function begin(provider: Provider, redirectUri: string, maxAge: number | null): Promise<StartedFlow> {
    const seed = randomBytes(SEED_BYTES).toString('base64url');
    const now = clock.now();
    const flow = beginFlow({ providerId: provider.id, redirectUri, seed, maxAge }, now);
    const secrets = deriveSecrets(flow);
    const authorizationUrl = await provider.authorizationUrl(flow, secrets);
    return { authorizationUrl, flowToken: flowTokens.mint(flow, now), state: secrets.state };
  }

  /** The order matters: what the browser shows is checked, then the flow is used up, then the provider is asked. */
  async function settle(
    { callback, flowToken }: { callback: Callback; flowToken: string | null },
    client: ClientInfo,
  ): Promise<Outcome> {
    const flow = flowToken === null ? null : flowTokens.read(flowToken, clock.now());
    const provider = flow && providers.get(flow.providerId);
    if (flowToken === null || !flow || !provider || !isAnswerTo(flow, callback))
      return refused('OAUTH_FLOW_INVALID');
    await provider.requireReady();
    const isFirst = await database.inTime(database.statement((em) => useFlow(em, flowToken, flow.expiresAt)));
    if (!isFirst) return refused('OAUTH_FLOW_INVALID');

    const release = async (error: unknown): Promise<never> => {
      await database.statement((em) => releaseFlow(em, flowToken));
      throw error;
    };
    const answer = await provider.exchange(callback.url, flow, deriveSecrets(flow)).catch(release);
    switch (answer.kind) {
      case 'signed in':
        return admit(answer, flow, provider, client);
      case 'refused':
        return {
          kind: 'refused',
          refusal: { reason: 'PROVIDER_REFUSED', providerError: answer.providerError },
        };
      case 'signed in too long ago':
        // Only a flow with a `max_age` is answered so.
        return { kind: 'reauthenticate', maxAge: flow.maxAge ?? 0, flow, provider };
      case 'invalid':
        return refused('PROVIDER_ANSWER_INVALID');
    }
  }

  async function admit(
    answer: ProviderAnswer & { kind: 'signed in' },
    flow: Flow,
    provider: Provider,
    client: ClientInfo,
  ): Promise<Outcome> {
    const person = readPerson(answer.claims);
    if (!person) return refused('PROVIDER_ANSWER_INVALID');
    const vouching = await readVouching(answer, person);
    if (vouching.kind === 'invalid') return refused('PROVIDER_ANSWER_INVALID');
    const email = verifiedEmail(person.issuer, vouching.claims);
    const now = clock.now();
    return database.transaction((em) => enter(em, { person, email, flow, provider, client }, now));
  }

  /**
   * The claims that may vouch for an e-mail address. Many providers put it into the UserInfo answer only; that is asked
   * when the address is needed, which is once for each person.
   */
  async function readVouching(
    answer: ProviderAnswer & { kind: 'signed in' },
    person: Person,
  ): Promise<{ kind: 'claims'; claims: Claims } | { kind: 'invalid' }> {
    const isAsked =
      answer.claims.email === undefined &&
      !isMicrosoft(person.issuer) &&
      (await database.inTime(findLinkedUserId(database.em(), person))) === null;
    return isAsked ? answer.readUserInfo() : { kind: 'claims', claims: answer.claims };
  }

  async function enter(
    em: EntityManager,
    given: { person: Person; email: string | null; flow: Flow; provider: Provider; client: ClientInfo },
    now: Date,
  ): Promise<Outcome> {
    const { person, flow, provider, client } = given;
    const found = await findUserOf(em, person, given.email);
    if (!found) return refused('NOT_INVITED');
    const { user, isNew } = found;
    if (!user.isActive) {
      await recordFailure(em, user, provider, client, now);
      return refused('NOT_INVITED');
    }
    const account = await shareAccount(em, user.accountId);
    const maxAge = reauthenticationAge(person, effectivePolicy(account, limits).absoluteMinutes * 60, now);
    if (maxAge !== null) return { kind: 'reauthenticate', maxAge, flow, provider };

    const opened = await openSession(
      em,
      {
        accountId: user.accountId,
        userId: user.id,
        passwordVersion: null,
        appType: 'CONTROL_PANEL',
        client,
        details: { provider: provider.id },
        endsBy: person.endsBy ?? undefined,
      },
      { audit, limits },
      now,
    );
    // Deactivated in this very moment.
    if (!opened) return refused('NOT_INVITED');
    if (isNew) await link(em, user, person, provider, client, now);
    return { kind: 'opened', opened };
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
    // Takes the session back too: the subject is somebody else here since a moment ago.
    if (linking === 'linked with another') throw refusedError({ reason: 'NOT_INVITED' });
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

  function recordFailure(
    em: EntityManager,
    user: User,
    provider: Provider,
    client: ClientInfo,
    now: Date,
  ): Promise<void> {
    return audit.record(
      em,
      {
        accountId: user.accountId,
        action: 'login.failed',
        actor: { id: null, name: user.email },
        resource: { type: 'user', id: user.id },
        details: { provider: provider.id },
        ipAddress: client.ipAddress,
      },
      now,
    );
  }

  return {
    providers: dependencies.providers.map(({ id, name }) => ({ id, name })),

    async start({ providerId, redirectUri }) {
      const provider = providers.get(providerId);
      if (!provider) throw notFound('Identity provider');
      if (!redirectUris.includes(redirectUri))
        throw badInput('redirectUri', 'This redirect URI is not configured.', { reason: 'NOT_ALLOWED' });
      return begin(provider, redirectUri, null);
    },

    async complete(given, client) {
      const who = { email: null, address: client.ipAddress };
      await throttle.require(who);
      const outcome = await settle(given, client);
      switch (outcome.kind) {
        case 'refused':
          // That somebody changed their mind at the provider is no failed attempt at anything.
          if (outcome.refusal.reason !== 'PROVIDER_REFUSED') await throttle.recordFailure(who);
          throw refusedError(outcome.refusal);
        case 'reauthenticate': {
          const { flow, provider, maxAge } = outcome;
          // Who was asked once already is not sent round and round.
          const next = flow.maxAge === null ? await begin(provider, flow.redirectUri, maxAge) : null;
          return { kind: 'reauthentication required', next };
        }
        case 'opened': {
          const { session, role } = outcome.opened;
          bus.publish({ accountId: session.accountId, kind: 'STARTED', sessionIds: [session.id] });
          return { kind: 'signed in', grant: grants.issue(session, role, OWN_AUDIENCE, clock.now()) };
        }
      }
    },
  };
}

/** One text for all: which part was wrong is said by `reason`, as far as it may be. */
const refusedError = (refusal: Refusal): AppError =>
  new AppError('INVALID_CREDENTIALS', 'The sign-in at the identity provider was not accepted.', refusal);
