import { randomBytes } from 'node:crypto';
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/database.ts';
import { badInput, notFound } from '../../errors.ts';
import type { SessionBus } from '../../events/session-bus.ts';
import type { TokenTransport } from '../../generated/schema.ts';
import type { ClientInfo, Viewer } from '../../rules/caller.ts';
import type { PolicyBounds } from '../../rules/policy.ts';
import { issuerForms } from '../../rules/vouching.ts';
import type { SessionReauthentication } from '../../sessions/reauthenticate-session.ts';
import type { SessionReplacement } from '../../sessions/replace-session.ts';
import type { SessionReader } from '../../sessions/session-reader.ts';
import type { TokenIssuer, TokenSet } from '../../sessions/token-set.ts';
import { OWN_AUDIENCE } from '../../tokens/access-token.ts';
import type { Flow, FlowTokens } from '../../tokens/flow-token.ts';
import type { SessionRevoker } from '../../sessions/revoke.ts';
import { createSignInSessions } from '../sign-in-session.ts';
import type { Throttle } from '../throttle.ts';
import { createPersonAdmission } from './admit-person.ts';
import { createFlowCompletion, type FlowCompletion } from './complete-flow.ts';
import { createPersonConfirmation } from './confirm-person.ts';
import { beginFlow, deriveSecrets } from './flow.ts';
import { isLinkedWith } from './identities.ts';
import type { Provider } from './provider.ts';
import { toRefusalError } from './sign-in-outcome.ts';

/** A sign-in that has begun: where to send the browser, and the token that it keeps. */
export interface StartedFlow {
  authorizationUrl: string;
  flowToken: string;
  state: string;
}

/** What a flow is begun with, and keeps until it is completed. */
type FlowRequest = Pick<Flow, 'redirectUri' | 'isPersistent' | 'endSessions'>;

export type Completion =
  | { kind: 'signed in'; tokens: TokenSet }
  /** In the session that there was. `via`: how its refresh token came; null: none came. */
  | { kind: 'reauthenticated'; tokens: TokenSet; via: TokenTransport | null }
  /** The person has to sign in at the provider again. `next` null: they were just asked to. */
  | { kind: 'reauthentication required'; next: StartedFlow | null };

/** Where to send the browser, and where from there. */
interface ProviderChoice {
  providerId: string;
  redirectUri: string;
}

/** Of a flow that creates no session. */
const NO_SIGN_IN = { isPersistent: true, endSessions: [] } as const;

export interface OidcSignInService {
  /** In the order of the configuration. */
  readonly providers: readonly { id: string; name: string }[];
  /** @throws NOT_FOUND, BAD_USER_INPUT, UNAVAILABLE */
  /** @throws NOT_FOUND, BAD_USER_INPUT, UNAVAILABLE */
  start(given: ProviderChoice & FlowRequest): Promise<StartedFlow>;
  /** The viewer proves again who they are, for their session. @throws as `start`, for a provider of others too */
  startReauthentication(given: ProviderChoice, viewer: Viewer): Promise<StartedFlow>;
  /** @throws INVALID_CREDENTIALS with `reason`, RATE_LIMITED, UNAVAILABLE, SESSION_LIMIT_REACHED */
  complete(given: FlowCompletion, client: ClientInfo): Promise<Completion>;
}

const SEED_BYTES = 32;

/** Signs in through identity providers (OpenID Connect Core 1.0, authorization code flow with PKCE). */
export function createOidcSignInService(dependencies: {
  database: Database;
  audit: Audit;
  bus: SessionBus;
  clock: Clock;
  tokenIssuer: TokenIssuer;
  flowTokens: FlowTokens;
  throttle: Throttle;
  bounds: PolicyBounds;
  providers: readonly Provider[];
  redirectUris: readonly string[];
  replacement: SessionReplacement;
  revoker: SessionRevoker;
  sessionReader: SessionReader;
  reauthentication: SessionReauthentication;
}): OidcSignInService {
  const { database, clock, tokenIssuer, flowTokens, throttle, redirectUris, replacement } = dependencies;
  const providers = new Map(dependencies.providers.map((provider) => [provider.id, provider]));
  const sessions = createSignInSessions(dependencies);
  const admitPerson = createPersonAdmission({ ...dependencies, sessions });
  const confirmation = createPersonConfirmation(dependencies);
  const completeFlow = createFlowCompletion({ ...dependencies, providers, admitPerson, confirmation });

  async function begin(
    provider: Provider,
    { redirectUri, isPersistent, endSessions }: FlowRequest,
    { maxAge = null, viewer }: { maxAge?: number | null; viewer?: Viewer } = {},
  ): Promise<StartedFlow> {
    const seed = randomBytes(SEED_BYTES).toString('base64url');
    const now = clock.now();
    const reauthentication = viewer
      ? { sessionId: viewer.session.id, userId: viewer.userId, startedAt: now }
      : null;
    const flow = beginFlow(
      { providerId: provider.id, redirectUri, seed, maxAge, isPersistent, endSessions, reauthentication },
      now,
    );
    const secrets = deriveSecrets(flow);
    const authorizationUrl = await provider.authorizationUrl(flow, secrets);
    return { authorizationUrl, flowToken: flowTokens.mint(flow, now), state: secrets.state };
  }

  /** @throws NOT_FOUND, BAD_USER_INPUT */
  function requireProvider({ providerId, redirectUri }: ProviderChoice): Provider {
    const provider = providers.get(providerId);
    if (!provider) throw notFound('Identity provider');
    if (!redirectUris.includes(redirectUri))
      throw badInput('redirectUri', 'This redirect URI is not configured.', { reason: 'NOT_ALLOWED' });
    return provider;
  }

  return {
    providers: dependencies.providers.map(({ id, name }) => ({ id, name })),

    start: async (given) => begin(requireProvider(given), given),

    async startReauthentication(given, viewer) {
      const provider = requireProvider(given);
      const issuers = issuerForms(provider.settings.issuer);
      if (!(await database.withTimeout(isLinkedWith(database.em(), viewer.userId, issuers))))
        throw notFound('Identity provider');
      return begin(provider, { ...NO_SIGN_IN, redirectUri: given.redirectUri }, { viewer });
    },

    async complete(given, client) {
      const attempt = { email: null, address: client.ipAddress, deviceToken: null };
      await throttle.requireAllowed(attempt);
      const outcome = await completeFlow(given, client);
      switch (outcome.kind) {
        case 'refused':
          // Cancelling at the provider is not a failed attempt.
          if (outcome.refusal.reason !== 'PROVIDER_REFUSED') await throttle.recordFailure(attempt);
          throw toRefusalError(outcome.refusal, { provider: outcome.provider });
        case 'reauthenticate': {
          const { flow, provider, maxAge } = outcome;
          // Asked once only, so that a browser is not sent to the provider in a loop.
          const next = flow.maxAge === null ? await begin(provider, flow, { maxAge }) : null;
          return { kind: 'reauthentication required', next };
        }
        case 'not reauthenticated':
          return { kind: 'reauthentication required', next: null };
        case 'reauthenticated':
          return outcome;
        case 'created': {
          const { session, role } = outcome.created;
          replacement.publish(outcome.replacedSession);
          sessions.publishStart(outcome.created, 'oauth');
          return { kind: 'signed in', tokens: tokenIssuer.issue(session, role, OWN_AUDIENCE, clock.now()) };
        }
        default:
          return outcome satisfies never;
      }
    },
  };
}
