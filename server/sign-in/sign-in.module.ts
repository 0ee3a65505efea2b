import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config/config.ts';
import type { Database } from '../database/database.ts';
import type { SessionBus } from '../events/session-bus.ts';
import type { Resolvers } from '../generated/schema.ts';
import { ownOrigins } from '../config/own-origins.ts';
import type { Logger } from '../logger.ts';
import type { Mailer } from '../mail/mail.ts';
import { createMailboxLimit } from '../mail/mailbox-limit.ts';
import type { Metrics } from '../metrics/metrics.ts';
import type { PolicyBounds } from '../rules/policy.ts';
import type { CanReauthenticate } from '../sessions/can-reauthenticate.ts';
import type { SessionReauthentication } from '../sessions/reauthenticate-session.ts';
import { createSessionRevoker } from '../sessions/revoke.ts';
import type { TokenIssuer } from '../sessions/token-set.ts';
import type { SessionReader } from '../sessions/session-reader.ts';
import { createSessionReplacement } from '../sessions/replace-session.ts';
import { createDeviceTokens } from '../tokens/device-token.ts';
import { createFlowTokens } from '../tokens/flow-token.ts';
import type { RefreshTokens } from '../tokens/refresh-token.ts';
import type { RefreshKey } from '../tokens/signing-keys.ts';
import { countSignIns } from './counted-sign-ins.ts';
import { loadCommonPasswords } from './common-passwords.ts';
import { createKnownDevices } from './known-devices.ts';
import type { HashQueueLimits } from './hash-queue.ts';
import { createKnownNetworks } from './known-networks.ts';
import { createKnownUsers } from './known-users.ts';
import type { FailureCounters } from './failure-counters.ts';
import { createOidcSignInService } from './oidc/oidc-sign-in.service.ts';
import { createProvider } from './oidc/provider.ts';
import { warnOfUnlimitedProviders } from './oidc/vouching-warning.ts';
import { MIN_PASSWORD_LENGTH } from './password-rules.ts';
import { createPasswordSignInService } from './password-sign-in.service.ts';
import { createPasswordHasher } from './password-hashing.ts';
import { createReauthenticationOptions } from './reauthentication-options.ts';
import { createPasswordResetRequests } from './request-password-reset.ts';
import { createSignInResolvers } from './sign-in.resolvers.ts';
import { createThrottle } from './throttle.ts';

export interface SignInModule {
  readonly resolvers: Resolvers;
  /** Whether all nodes share their counts of failed sign-ins now. Always true on the embedded database. */
  readonly hasSharedCounters: boolean;
  /** Clears the failed sign-ins of a sign-in e-mail. Never fails: what cannot be cleared ends within 15 minutes. */
  forgetFailures(signInEmail: string): Promise<void>;
  /** Ends once the requested links are made. */
  stop(): Promise<void>;
}

/** Wires sign-in by password and by identity provider, and the limits on failed attempts. */
export async function createSignInModule(
  config: Config,
  dependencies: {
    database: Database;
    audit: Audit;
    bus: SessionBus;
    clock: Clock;
    logger: Logger;
    bounds: PolicyBounds;
    tokenIssuer: TokenIssuer;
    refreshTokens: RefreshTokens;
    sessionReader: SessionReader;
    reauthentication: SessionReauthentication;
    canReauthenticate: CanReauthenticate;
    publicUrl: string;
    counters: FailureCounters;
    refreshKeys: readonly RefreshKey[];
    hashQueue?: HashQueueLimits;
    mailer: Mailer;
    metrics: Metrics;
  },
): Promise<SignInModule> {
  const { clock, tokenIssuer, publicUrl, refreshKeys } = dependencies;
  const [passwords, commonPasswords] = await Promise.all([
    createPasswordHasher(dependencies.hashQueue),
    loadCommonPasswords(MIN_PASSWORD_LENGTH),
  ]);
  const revoker = createSessionRevoker(dependencies);
  const replacement = createSessionReplacement({ ...dependencies, revoker });
  const { counters } = dependencies;
  const deviceTokens = createDeviceTokens({ keys: refreshKeys, issuer: publicUrl });
  const devices = createKnownDevices({ tokens: deviceTokens, clock });
  const existedAt = createKnownUsers(dependencies);
  const throttle = createThrottle(config.login, {
    counters,
    known: {
      async findDevice(token, email) {
        const device = devices.find(token, email);
        return device && (await existedAt(email, device.signedInAt)) ? device.id : null;
      },
      isKnownNetwork: createKnownNetworks(dependencies),
    },
  });
  const signIn = createPasswordSignInService({
    ...dependencies,
    passwords,
    throttle,
    replacement,
    revoker,
    commonPasswords,
  });
  const passwordResets = createPasswordResetRequests({
    ...dependencies,
    perNetwork: counters.create('reset', config.login.failuresPerAddress),
    perMailbox: createMailboxLimit(counters, 'requested-mail'),
  });
  const oidc = createOidcSignInService({
    ...dependencies,
    throttle,
    replacement,
    revoker,
    flowTokens: createFlowTokens({ keys: refreshKeys, issuer: publicUrl }),
    providers: config.oidc.providers.map((provider) => createProvider(provider, dependencies)),
    redirectUris:
      config.oidc.redirectUris ?? ownOrigins(publicUrl).map((origin) => `${origin}/login/callback`),
  });
  await warnOfUnlimitedProviders(config.oidc.providers, dependencies);

  return {
    resolvers: createSignInResolvers({
      ...countSignIns({ signIn, oidc }, dependencies.metrics),
      requestPasswordReset: passwordResets.request,
      readReauthenticationOptions: createReauthenticationOptions({
        ...dependencies,
        providers: config.oidc.providers,
      }),
      tokenIssuer,
      devices,
      mailer: dependencies.mailer,
    }),
    get hasSharedCounters() {
      return counters.isShared;
    },
    forgetFailures: throttle.forget,
    async stop() {
      await passwordResets.stop();
    },
  };
}
