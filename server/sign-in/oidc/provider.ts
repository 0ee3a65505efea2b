import * as openid from 'openid-client';
import { toNumericDate, type Clock } from '../../clock.ts';
import type { ProviderSettings } from '../../config.providers.ts';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Flow } from '../../tokens/flow-token.ts';
import type { Claims } from './claims.ts';
import { createDiscovery, PROVIDER_PATIENCE_SECONDS } from './discovery.ts';
import type { FlowSecrets } from './flow.ts';
import {
  describeFault,
  isOtherAuthenticationAsked,
  isOutOfReach,
  isSignInTooOld,
  providerFault,
  refusalIn,
} from './provider-answers.ts';

/** What came of a callback. Only `signed in` says anything about a person. */
export type ProviderAnswer =
  | {
      kind: 'signed in';
      /** Of the ID token, all checks passed. */
      claims: Claims;
      /** The UserInfo answer about the same subject; empty where the provider has no such endpoint. */
      readUserInfo(): Promise<ProviderClaims>;
    }
  | { kind: 'refused'; providerError: string | undefined }
  | { kind: 'signed in too long ago' }
  | { kind: 'invalid' };

export type ProviderClaims = { kind: 'claims'; claims: Claims } | { kind: 'invalid' };

export interface Provider {
  readonly id: string;
  readonly name: string;
  /** @throws UNAVAILABLE */
  authorizationUrl(flow: Flow, secrets: FlowSecrets): Promise<string>;
  /** Fails where the provider cannot be reached, before anything is used up. @throws UNAVAILABLE */
  requireReady(): Promise<void>;
  /** Trades the callback's code for a checked ID token. @throws UNAVAILABLE */
  exchange(callbackUrl: URL, flow: Flow, secrets: FlowSecrets): Promise<ProviderAnswer>;
}

/** How far the provider's clock may be ahead: an ID token is not too early by less. */
const CLOCK_DIFFERENCE_SECONDS = 300;
/** How long after its end an ID token still passes; in that time it was on the way. */
const EXPIRY_TOLERANCE_SECONDS = 60;

export function createProvider(
  settings: ProviderSettings,
  { clock, logger }: { clock: Clock; logger: Logger },
): Provider {
  const { id, name, issuer, clientId, clientSecret } = settings;
  const discovery = createDiscovery(settings, { clock });
  let jwks: openid.ExportedJWKSCache | undefined;
  let authenticationThatWorked: openid.ClientAuth | null = null;
  const basic = openid.ClientSecretBasic(clientSecret);
  const post = openid.ClientSecretPost(clientSecret);

  const unavailable = (error: unknown): AppError =>
    // The cause is what the log shall show: never what the provider wrote, which may hold a code or a token.
    new AppError(
      'UNAVAILABLE',
      'The identity provider cannot be reached. Try again.',
      {},
      new Error(`identity provider ${id}: ${describeFault(error).code}`),
    );

  const readMetadata = () =>
    discovery.read().catch((error: unknown) => {
      throw unavailable(error);
    });

  /** openid-client judges by the system's clock: the difference to Curfew's is given to it anew each time. */
  function configure(
    metadata: openid.ServerMetadata,
    authentication: openid.ClientAuth,
  ): openid.Configuration {
    // eslint-disable-next-line no-restricted-syntax -- the very time that openid-client will read
    const systemSeconds = Math.floor(Date.now() / 1000);
    const client = {
      [openid.clockSkew]: toNumericDate(clock.now()) - systemSeconds,
      [openid.clockTolerance]: CLOCK_DIFFERENCE_SECONDS,
    };
    const configuration = new openid.Configuration(metadata, clientId, client, authentication);
    configuration.timeout = PROVIDER_PATIENCE_SECONDS;
    if (issuer.startsWith('http:')) openid.allowInsecureRequests(configuration);
    // Otherwise the signature of an ID token that came straight from the token endpoint goes unchecked.
    openid.enableNonRepudiationChecks(configuration);
    if (jwks) openid.setJwksCache(configuration, jwks);
    return configuration;
  }

  /** HTTP Basic first, as the standard has it where a provider says nothing, or what worked the last time. */
  function authenticationsOf(metadata: openid.ServerMetadata): openid.ClientAuth[] {
    const supported = metadata.token_endpoint_auth_methods_supported;
    if (supported && !supported.includes('client_secret_basic')) return [post];
    if (supported && !supported.includes('client_secret_post')) return [basic];
    return authenticationThatWorked === post ? [post, basic] : [basic, post];
  }

  async function grant(metadata: openid.ServerMetadata, callbackUrl: URL, flow: Flow, secrets: FlowSecrets) {
    const checks = {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
      ...(flow.maxAge === null ? {} : { maxAge: flow.maxAge }),
    };
    const attempt = async (authentication: openid.ClientAuth) => {
      const configuration = configure(metadata, authentication);
      const tokens = await openid.authorizationCodeGrant(configuration, callbackUrl, checks);
      jwks = openid.getJwksCache(configuration) ?? jwks;
      authenticationThatWorked = authentication;
      return { configuration, tokens };
    };
    const [first, other] = authenticationsOf(metadata);
    return attempt(first!).catch((error: unknown) => {
      // A client is often registered for one way only, and discovery lists all that the provider knows.
      if (other && isOtherAuthenticationAsked(error)) return attempt(other);
      throw error;
    });
  }

  function judge(error: unknown): { kind: 'signed in too long ago' } | { kind: 'invalid' } {
    if (isOutOfReach(error)) throw unavailable(error);
    if (isSignInTooOld(error)) return { kind: 'signed in too long ago' };
    return report(error);
  }

  function report(error: unknown): { kind: 'invalid' } {
    logger.warn({ provider: id, ...describeFault(error) }, 'an answer of the identity provider was refused');
    return { kind: 'invalid' };
  }

  return {
    id,
    name,

    requireReady: async () => void (await readMetadata()),

    async authorizationUrl(flow, secrets) {
      const configuration = configure(await readMetadata(), openid.None());
      const url = openid.buildAuthorizationUrl(configuration, {
        redirect_uri: flow.redirectUri,
        scope: 'openid email profile',
        state: secrets.state,
        nonce: secrets.nonce,
        code_challenge: await openid.calculatePKCECodeChallenge(secrets.codeVerifier),
        code_challenge_method: 'S256',
        ...(flow.maxAge === null ? {} : { max_age: String(flow.maxAge) }),
      });
      return url.href;
    },

    async exchange(callbackUrl, flow, secrets) {
      const metadata = await readMetadata();
      const refusal = refusalIn(callbackUrl.searchParams, metadata.issuer);
      if (refusal) return { kind: 'refused', ...refusal };
      const granted = await grant(metadata, callbackUrl, flow, secrets).catch(judge);
      if ('kind' in granted) return granted;
      const { configuration, tokens } = granted;
      const claims = tokens.claims()!;
      if (claims.exp + EXPIRY_TOLERANCE_SECONDS <= toNumericDate(clock.now()))
        return report(providerFault('OAUTH_JWT_TIMESTAMP_CHECK_FAILED'));
      return {
        kind: 'signed in',
        claims,
        async readUserInfo() {
          if (metadata.userinfo_endpoint === undefined) return { kind: 'claims', claims: {} };
          return openid.fetchUserInfo(configuration, tokens.access_token, claims.sub).then(
            (userInfo) => ({ kind: 'claims' as const, claims: userInfo }),
            (error: unknown) => {
              if (isOutOfReach(error)) throw unavailable(error);
              return report(error);
            },
          );
        },
      };
    },
  };
}
