import { randomBytes } from 'node:crypto';
import type { Audit } from '../../audit/audit.ts';
import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/database.ts';
import { badInput, notFound } from '../../errors.ts';
import type { SessionBus } from '../../events/session-bus.ts';
import type { ClientInfo } from '../../rules/caller.ts';
import type { PolicyBounds } from '../../rules/policy.ts';
import type { SessionReplacement } from '../../sessions/replace-session.ts';
import type { TokenIssuer, TokenSet } from '../../sessions/token-set.ts';
import { OWN_AUDIENCE } from '../../tokens/access-token.ts';
import type { Flow, FlowTokens } from '../../tokens/flow-token.ts';
import type { SessionRevoker } from '../../sessions/revoke.ts';
import { createSignInSessions } from '../sign-in-session.ts';
import type { Throttle } from '../throttle.ts';
import { createPersonAdmission } from './admit-person.ts';
import { createFlowCompletion, type FlowCompletion } from './complete-flow.ts';
import { beginFlow, deriveSecrets } from './flow.ts';
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
  /** The person has to sign in at the provider again. `next` null: they were just asked to. */
  | { kind: 'reauthentication required'; next: StartedFlow | null };

export interface OidcSignInService {
  /** In the order of the configuration. */
  readonly providers: readonly { id: string; name: string }[];
  /** @throws NOT_FOUND, BAD_USER_INPUT, UNAVAILABLE */
  start(given: { providerId: string } & FlowRequest): Promise<StartedFlow>;
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
}): OidcSignInService {
  const { clock, tokenIssuer, flowTokens, throttle, redirectUris, replacement } = dependencies;
  const providers = new Map(dependencies.providers.map((provider) => [provider.id, provider]));
  const sessions = createSignInSessions(dependencies);
  const admitPerson = createPersonAdmission({ ...dependencies, sessions });
  const completeFlow = createFlowCompletion({ ...dependencies, providers, admitPerson });

  async function begin(provider: Provider, given: FlowRequest, maxAge: number | null): Promise<StartedFlow> {
    const seed = randomBytes(SEED_BYTES).toString('base64url');
    const now = clock.now();
    const { redirectUri, isPersistent, endSessions } = given;
    const flow = beginFlow(
      { providerId: provider.id, redirectUri, seed, maxAge, isPersistent, endSessions },
      now,
    );
    const secrets = deriveSecrets(flow);
    const authorizationUrl = await provider.authorizationUrl(flow, secrets);
    return { authorizationUrl, flowToken: flowTokens.mint(flow, now), state: secrets.state };
  }

  return {
    providers: dependencies.providers.map(({ id, name }) => ({ id, name })),

    async start({ providerId, ...request }) {
      const provider = providers.get(providerId);
      if (!provider) throw notFound('Identity provider');
      if (!redirectUris.includes(request.redirectUri))
        throw badInput('redirectUri', 'This redirect URI is not configured.', { reason: 'NOT_ALLOWED' });
      return begin(provider, request, null);
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
          const next = flow.maxAge === null ? await begin(provider, flow, maxAge) : null;
          return { kind: 'reauthentication required', next };
        }
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
