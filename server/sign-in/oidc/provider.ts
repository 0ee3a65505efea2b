import * as openid from 'openid-client';
import { toNumericDate, type Clock } from '../../clock.ts';
import type { ProviderSettings } from '../../config/providers.ts';
import { AppError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Flow } from '../../tokens/flow-token.ts';
import type { Claims } from './claims.ts';
import { createDiscovery, PROVIDER_TIMEOUT_SECONDS } from './discovery.ts';
import type { FlowSecrets } from './flow.ts';
import { createKeyCache } from './key-cache.ts';
import { systemSeconds } from './system-seconds.ts';
import type { Vouching } from '../../rules/vouching.ts';
import {
  describeProviderError,
  isClientAuthenticationRefused,
  isProviderUnavailable,
  isSignInTooOld,
  providerProtocolError,
  readAuthorizationError,
} from './provider-errors.ts';

/** The result of a callback. Only `signed in` identifies a person. */
export type ProviderResult =
  | {
      kind: 'signed in';
      /** Of the ID token, which has passed all checks. */
      claims: Claims;
      /** Reads the UserInfo response about this subject; empty if the provider has no such endpoint. */
      readUserInfo(): Promise<ProviderClaims>;
    }
  | { kind: 'refused'; providerError: string | undefined }
  | { kind: 'signed in too long ago' }
  | { kind: 'invalid' };

export type ProviderClaims = { kind: 'claims'; claims: Claims } | { kind: 'invalid' };

export interface Provider {
  readonly id: string;
  readonly name: string;
  readonly settings: Vouching & { readonly issuer: string };
  /** @throws UNAVAILABLE */
  authorizationUrl(flow: Flow, secrets: FlowSecrets): Promise<string>;
  /** Fails if the provider cannot be reached, before the flow is used up. @throws UNAVAILABLE */
  requireReady(): Promise<void>;
  /** Redeems the callback's code for an ID token and verifies it. @throws UNAVAILABLE */
  redeemCode(callbackUrl: URL, flow: Flow, secrets: FlowSecrets): Promise<ProviderResult>;
}

/** How far the provider's clock may be ahead of Curfew's. */
const CLOCK_DIFFERENCE_SECONDS = 300;
/** How long an expired ID token still passes, for its time in transit. */
const EXPIRY_TOLERANCE_SECONDS = 60;

export function createProvider(
  settings: ProviderSettings,
  { clock, logger }: { clock: Clock; logger: Logger },
): Provider {
  const { id, name, issuer, clientId, clientSecret } = settings;
  const discovery = createDiscovery(settings, { clock });
  const keys = createKeyCache();
  let lastAuthentication: openid.ClientAuth | null = null;
  const basic = openid.ClientSecretBasic(clientSecret);
  const post = openid.ClientSecretPost(clientSecret);

  const unavailable = (error: unknown): AppError =>
    // The cause is for the log. It holds no text of the provider, which could contain a code or a token.
    new AppError(
      'UNAVAILABLE',
      'The identity provider cannot be reached. Try again.',
      {},
      new Error(`identity provider ${id}: ${describeProviderError(error).code}`),
    );

  const readMetadata = () =>
    discovery.read().catch((error: unknown) => {
      throw unavailable(error);
    });

  /** openid-client checks times by the system's clock, so each configuration gets its difference to Curfew's. */
  function configure(
    metadata: openid.ServerMetadata,
    authentication: openid.ClientAuth,
  ): openid.Configuration {
    const client = {
      [openid.clockSkew]: toNumericDate(clock.now()) - systemSeconds(),
      [openid.clockTolerance]: CLOCK_DIFFERENCE_SECONDS,
    };
    const configuration = new openid.Configuration(metadata, clientId, client, authentication);
    configuration.timeout = PROVIDER_TIMEOUT_SECONDS;
    if (issuer.startsWith('http:')) openid.allowInsecureRequests(configuration);
    // Without this the signature of an ID token from the token endpoint is not verified.
    openid.enableNonRepudiationChecks(configuration);
    keys.lend(configuration);
    return configuration;
  }

  /**
   * The methods of client authentication to try: HTTP Basic first, the standard's default, or the one that last
   * worked.
   */
  function clientAuthenticationsOf(metadata: openid.ServerMetadata): openid.ClientAuth[] {
    const supported = metadata.token_endpoint_auth_methods_supported;
    if (supported && !supported.includes('client_secret_basic')) return [post];
    if (supported && !supported.includes('client_secret_post')) return [basic];
    return lastAuthentication === post ? [post, basic] : [basic, post];
  }

  async function requestTokens(
    metadata: openid.ServerMetadata,
    callbackUrl: URL,
    flow: Flow,
    secrets: FlowSecrets,
  ) {
    const checks = {
      expectedState: secrets.state,
      expectedNonce: secrets.nonce,
      pkceCodeVerifier: secrets.codeVerifier,
      idTokenExpected: true,
      ...(flow.maxAge === null ? {} : { maxAge: flow.maxAge }),
    };
    const attempt = async (authentication: openid.ClientAuth) => {
      const configuration = configure(metadata, authentication);
      const tokens = await openid
        .authorizationCodeGrant(configuration, callbackUrl, checks)
        .finally(() => keys.takeBack(configuration));
      lastAuthentication = authentication;
      return { configuration, tokens };
    };
    const [first, other] = clientAuthenticationsOf(metadata);
    return attempt(first!).catch((error: unknown) => {
      // A client is often registered for one method only, while discovery lists all that the provider supports.
      if (other && isClientAuthenticationRefused(error)) return attempt(other);
      throw error;
    });
  }

  function classify(error: unknown): { kind: 'signed in too long ago' } | { kind: 'invalid' } {
    if (isProviderUnavailable(error)) throw unavailable(error);
    if (isSignInTooOld(error)) return { kind: 'signed in too long ago' };
    if (describeProviderError(error).code === 'OAUTH_INVALID_RESPONSE') keys.distrust();
    return report(error);
  }

  function report(error: unknown): { kind: 'invalid' } {
    logger.warn(
      { provider: id, ...describeProviderError(error) },
      'a response of the identity provider was refused',
    );
    return { kind: 'invalid' };
  }

  return {
    id,
    name,
    settings,

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
        // How recent the sign-in then is, is checked by the flow's own start (`confirm-person.ts`).
        ...(flow.reauthentication && { prompt: 'login', max_age: '0' }),
      });
      return url.href;
    },

    async redeemCode(callbackUrl, flow, secrets) {
      const metadata = await readMetadata();
      const refusal = readAuthorizationError(callbackUrl.searchParams, metadata.issuer);
      if (refusal) return { kind: 'refused', ...refusal };
      const response = await requestTokens(metadata, callbackUrl, flow, secrets).catch(classify);
      if ('kind' in response) return response;
      const { configuration, tokens } = response;
      const claims = tokens.claims()!;
      if (claims.exp + EXPIRY_TOLERANCE_SECONDS <= toNumericDate(clock.now()))
        return report(providerProtocolError('OAUTH_JWT_TIMESTAMP_CHECK_FAILED'));
      return {
        kind: 'signed in',
        claims,
        async readUserInfo() {
          if (metadata.userinfo_endpoint === undefined) return { kind: 'claims', claims: {} };
          return openid.fetchUserInfo(configuration, tokens.access_token, claims.sub).then(
            (userInfo) => ({ kind: 'claims' as const, claims: userInfo }),
            (error: unknown) => {
              if (isProviderUnavailable(error)) throw unavailable(error);
              return report(error);
            },
          );
        },
      };
    },
  };
}
