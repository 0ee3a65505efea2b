import { refuseBadToken, requireUser } from '../accounts/caller.ts';
import type { Resolvers } from '../generated/schema.ts';
import { deliver } from '../sessions/session.delivery.ts';
import type { Grants } from '../sessions/session.grant.ts';
import { OWN_AUDIENCE } from '../tokens/access-token.ts';
import { readCallback } from './oidc/callback.ts';
import { deliverFlow, reauthenticationRequired } from './oidc/flow.delivery.ts';
import type { OidcSignInService } from './oidc/oidc-sign-in.service.ts';
import type { PasswordSignInService } from './password-sign-in.service.ts';

export function createSignInResolvers({
  signIn,
  oidc,
  grants,
}: {
  signIn: PasswordSignInService;
  oidc: OidcSignInService;
  grants: Grants;
}): Resolvers {
  return {
    Query: {
      authProviders: (_, __, { caller }) => {
        refuseBadToken(caller);
        return [...oidc.providers];
      },
    },

    Mutation: {
      login: async (_, { input }, { client, refreshCookie }) => {
        const { email, password } = input;
        const audience = grants.requireAudience(input.audience);
        const grant = await signIn.login(
          { email, password, appType: input.appType ?? 'CONTROL_PANEL', audience },
          client,
        );
        return deliver(grant, input.transport ?? 'BODY', refreshCookie);
      },
      setPassword: async (_, { input }, { client, refreshCookie }) => {
        const { token, newPassword } = input;
        const grant = await signIn.setPassword({ token, newPassword, audience: OWN_AUDIENCE }, client);
        return deliver(grant, input.transport ?? 'BODY', refreshCookie);
      },
      startOAuthLogin: async (_, { input }, { flowCookies }) => {
        const { providerId, redirectUri } = input;
        const started = await oidc.start({ providerId, redirectUri });
        return deliverFlow(started, input.transport ?? 'BODY', flowCookies);
      },
      completeOAuthLogin: async (_, { input }, { client, refreshCookie, flowCookies }) => {
        const callback = readCallback(input.callbackUrl);
        const fromBody = input.flowToken ?? null;
        const flowToken = fromBody ?? flowCookies.read(callback.state);
        const completion = await oidc.complete({ callback, flowToken }, client);
        if (fromBody === null) flowCookies.clear(callback.state);
        if (completion.kind === 'signed in')
          return deliver(completion.grant, input.transport ?? 'BODY', refreshCookie);
        // The new flow's token travels as the old one's did.
        const flowTransport = fromBody === null ? 'COOKIE' : 'BODY';
        throw reauthenticationRequired(
          completion.next && deliverFlow(completion.next, flowTransport, flowCookies),
        );
      },
      changePassword: async (_, { input }, { caller, client }) => ({
        endedSessions: await signIn.changePassword(requireUser(caller), input, client),
      }),
    },
  };
}
