import { requireUser } from '../accounts/caller.ts';
import type { Resolvers } from '../generated/schema.ts';
import { deliver } from '../sessions/session.delivery.ts';
import type { Grants } from '../sessions/session.grant.ts';
import { OWN_AUDIENCE } from '../tokens/access-token.ts';
import type { PasswordSignInService } from './password-sign-in.service.ts';

export function createSignInResolvers({
  signIn,
  grants,
}: {
  signIn: PasswordSignInService;
  grants: Grants;
}): Resolvers {
  return {
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
      changePassword: async (_, { input }, { caller, client }) => ({
        endedSessions: await signIn.changePassword(requireUser(caller), input, client),
      }),
    },
  };
}
