import { requireService, requireServiceForAll } from '../accounts/caller.ts';
import type { Audit } from '../audit/audit.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/orm.ts';
import type { Resolvers, ValidateSessionInput } from '../generated/schema.ts';
import type { Grants } from '../sessions/session.grant.ts';
import { createServiceAccount } from './service-accounts.ts';
import { requireBatchSize } from './service-input.ts';
import type { PresentedSession, ServiceSessions } from './service-sessions.service.ts';

export function createServiceResolvers(dependencies: {
  serviceSessions: ServiceSessions;
  grants: Grants;
  database: Database;
  audit: Audit;
  clock: Clock;
}): Resolvers {
  const { serviceSessions, grants } = dependencies;

  return {
    Query: {
      userSessions: (_, naming, { caller }) => serviceSessions.listOfUser(requireService(caller), naming),
    },

    Mutation: {
      createAccount: (_, { input }, { caller, client }) =>
        createServiceAccount(requireServiceForAll(caller), input, client.ipAddress, dependencies),
      createSession: (_, { input }, { caller, client }) =>
        serviceSessions.open(
          requireService(caller),
          { ...input, appType: input.appType ?? 'TENANT_APP' },
          client.ipAddress,
        ),
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
        return serviceSessions.issueAccessToken(service, sessionToken, grants.requireAudience(audience));
      },
    },
  };
}

const toPresented = ({ sessionToken, touch }: ValidateSessionInput): PresentedSession => ({
  sessionToken,
  isActivity: touch ?? true,
});
