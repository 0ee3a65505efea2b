import { requireService, requireServiceForAll } from '../rules/caller.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import type { Resolvers, ValidateSessionInput } from '../generated/schema.ts';
import type { TokenIssuer } from '../sessions/token-set.ts';
import { createServiceAccount } from './accounts.ts';
import { requireBatchSize } from './input.ts';
import type { ServiceSessions } from './sessions.ts';
import type { PresentedSession } from './validate-sessions.ts';

export function createServiceResolvers(dependencies: {
  serviceSessions: ServiceSessions;
  tokenIssuer: TokenIssuer;
  database: Database;
  audit: Audit;
  clock: Clock;
}): Resolvers {
  const { serviceSessions, tokenIssuer } = dependencies;

  return {
    Query: {
      userSessions: (_, user, { caller }) => serviceSessions.listOfUser(requireService(caller), user),
    },

    Mutation: {
      createAccount: (_, { input }, { caller, client }) =>
        createServiceAccount(requireServiceForAll(caller), input, client.ipAddress, dependencies),
      createSession: (_, { input }, { caller, client }) =>
        serviceSessions.create(
          requireService(caller),
          { ...input, appType: input.appType ?? 'TENANT_APP' },
          client.ipAddress,
        ),
      reauthenticateSession: (_, { sessionToken }, { caller, client }) =>
        serviceSessions.reauthenticate(requireService(caller), sessionToken, client.ipAddress),
      validateSession: (_, { input }, { caller }) =>
        serviceSessions.validate(requireService(caller), toPresented(input)),
      validateSessions: (_, { input }, { caller }) => {
        const service = requireService(caller);
        requireBatchSize('input', input.length);
        return serviceSessions.validateAll(service, input.map(toPresented));
      },
      endSession: (_, { input }, { caller, client }) =>
        serviceSessions.end(
          requireService(caller),
          input.sessionToken,
          input.reason ?? 'LOGOUT',
          client.ipAddress,
        ),
      endUserSessions: async (_, { input }, { caller, client }) => ({
        revokedCount: await serviceSessions.endAllOfUser(
          requireService(caller),
          input,
          input.reason ?? 'REVOKED_BY_SERVICE',
          client.ipAddress,
        ),
      }),
      issueSessionAccessToken: (_, { sessionToken, audience }, { caller }) => {
        const service = requireService(caller);
        return serviceSessions.issueAccessToken(service, sessionToken, tokenIssuer.requireAudience(audience));
      },
    },
  };
}

const toPresented = ({ sessionToken, touch }: ValidateSessionInput): PresentedSession => ({
  sessionToken,
  isActivity: touch ?? true,
});
