import type { Mailer } from '../mail/mail.ts';
import { refuseBadToken, requireUser } from '../rules/caller.ts';
import type { Resolvers, TokenTransport } from '../generated/schema.ts';
import { deliverTokens, type RefreshCookie } from '../sessions/deliver-tokens.ts';
import type { TokenSet, TokenIssuer } from '../sessions/token-set.ts';
import { OWN_AUDIENCE } from '../tokens/access-token.ts';
import { isAmong, requireEndSessionIds, toShortName } from './end-session-ids.ts';
import type { DeviceCookie, KnownDevices } from './known-devices.ts';
import { readCallback } from './oidc/callback.ts';
import { deliverFlow, reauthenticationRequired } from './oidc/deliver-flow.ts';
import type { OidcSignInService } from './oidc/oidc-sign-in.service.ts';
import type { PasswordSignInService } from './password-sign-in.service.ts';
import type { ReadReauthenticationOptions } from './reauthentication-options.ts';
import type { RequestPasswordReset } from './request-password-reset.ts';

/** The part of the operation's context that a sign-in needs. */
interface SignInContext {
  refreshCookie: RefreshCookie;
  deviceCookie: DeviceCookie;
  loaders: { users: { load(id: string): Promise<{ signInEmail?: string | null }> } };
}

export function createSignInResolvers({
  signIn,
  oidc,
  requestPasswordReset,
  readReauthenticationOptions,
  tokenIssuer,
  devices,
  mailer,
}: {
  signIn: PasswordSignInService;
  oidc: OidcSignInService;
  tokenIssuer: TokenIssuer;
  devices: KnownDevices;
  requestPasswordReset: RequestPasswordReset;
  readReauthenticationOptions: ReadReauthenticationOptions;
  mailer: Mailer;
}): Resolvers {
  /**
   * Delivers the tokens of a sign-in. With cookies, the browser also becomes a known device, unless it is to forget the
   * user when it is closed: others use it too.
   */
  async function deliverSignIn(tokens: TokenSet, transport: TokenTransport, context: SignInContext) {
    const delivered = deliverTokens(tokens, transport, context.refreshCookie);
    if (transport === 'COOKIE' && tokens.isPersistent) {
      const { signInEmail } = await context.loaders.users.load(tokens.session.userId);
      if (signInEmail != null) devices.recordSignIn(context.deviceCookie, signInEmail);
    }
    return delivered;
  }

  return {
    Query: {
      authProviders: (_, __, { caller }) => {
        refuseBadToken(caller);
        return [...oidc.providers];
      },
      signInOptions: (_, __, { caller }) => {
        refuseBadToken(caller);
        return { passwordResetByMail: mailer.isConfigured };
      },
      reauthenticationOptions: (_, __, { caller }) => readReauthenticationOptions(requireUser(caller)),
    },

    Mutation: {
      login: async (_, { input }, context) => {
        const { email, password } = input;
        const audience = tokenIssuer.requireAudience(input.audience);
        const transport = input.transport ?? 'BODY';
        const cookie = replacedCookie(transport, context.refreshCookie);
        const isPersistent = input.persistent ?? true;
        const tokens = await signIn.login(
          {
            email,
            password,
            appType: input.appType ?? 'CONTROL_PANEL',
            audience,
            cookie,
            isPersistent,
            isChosen: isAmong(requireEndSessionIds(input.endSessionIds)),
          },
          context.client,
        );
        return deliverSignIn(tokens, transport, context);
      },
      requestPasswordReset: async (_, { email }, { client }) => {
        await requestPasswordReset(email, client);
        return true;
      },
      openPasswordLink: (_, { token }, { client }) => signIn.openPasswordLink(token, client),
      setPassword: async (_, { input }, context) => {
        const { token, newPassword } = input;
        const transport = input.transport ?? 'BODY';
        const cookie = replacedCookie(transport, context.refreshCookie);
        const tokens = await signIn.setPassword(
          { token, newPassword, audience: OWN_AUDIENCE, cookie },
          context.client,
        );
        return deliverSignIn(tokens, transport, context);
      },
      startOAuthLogin: async (_, { input }, { flowCookies, identify }) => {
        const { providerId, redirectUri } = input;
        const isPersistent = input.persistent ?? true;
        const endSessions = requireEndSessionIds(input.endSessionIds).map(toShortName);
        const started = input.reauthenticate
          ? await oidc.startReauthentication({ providerId, redirectUri }, requireUser(await identify()))
          : await oidc.start({ providerId, redirectUri, isPersistent, endSessions });
        return deliverFlow(started, input.transport ?? 'BODY', flowCookies);
      },
      completeOAuthLogin: async (_, { input }, context) => {
        const { caller, client, isGone, flowCookies, refreshCookie } = context;
        const callback = readCallback(input.callbackUrl);
        const fromBody = input.flowToken ?? null;
        const flowToken = fromBody ?? flowCookies.read(callback.state);
        const transport = input.transport ?? 'BODY';
        const completion = await oidc.complete(
          {
            callback,
            flowToken,
            replacedCookie: replacedCookie(transport, refreshCookie),
            broughtAlong: {
              caller,
              refreshToken: input.refreshToken ?? null,
              cookie: refreshCookie.read(),
              transport,
              isGone,
            },
          },
          client,
        );
        if (fromBody === null) flowCookies.clear(callback.state);
        if (completion.kind === 'signed in') return deliverSignIn(completion.tokens, transport, context);
        // As the token came that is replaced.
        if (completion.kind === 'reauthenticated')
          return deliverSignIn(completion.tokens, completion.via ?? transport, context);
        // The new flow's token is delivered as the old one's was.
        const flowTransport = fromBody === null ? 'COOKIE' : 'BODY';
        throw reauthenticationRequired(
          completion.next && deliverFlow(completion.next, flowTransport, flowCookies),
        );
      },
      reauthenticate: async (_, { input }, context) => {
        const { caller, client, isGone, refreshCookie } = context;
        const fromBody = input.refreshToken ?? null;
        const tokens = await signIn.reauthenticate(
          caller,
          {
            password: input.password,
            refreshToken: fromBody ?? refreshCookie.read(),
            requestId: input.requestId ?? null,
            audience: input.audience ?? null,
            isGone,
          },
          client,
        );
        return deliverSignIn(tokens, fromBody === null ? 'COOKIE' : 'BODY', context);
      },
      changePassword: async (_, { input }, { caller, client }) => ({
        endedSessions: await signIn.changePassword(requireUser(caller), input, client),
      }),
    },
  };
}

/** The refresh cookie that the response overwrites. Null: it leaves the browser's cookie alone. */
const replacedCookie = (transport: TokenTransport, cookie: RefreshCookie): string | null =>
  transport === 'COOKIE' ? cookie.read() : null;
