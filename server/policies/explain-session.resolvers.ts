import type { Resolvers } from '../generated/schema.ts';
import { requireUser } from '../rules/caller.ts';
import type { ExplainSession } from './explain-session.ts';

export const createExplainSessionResolvers = ({
  explainSession,
}: {
  explainSession: ExplainSession;
}): Resolvers => ({
  Query: {
    explainSession: (_, { sessionId }, { caller }) => explainSession(requireUser(caller), sessionId),
  },
});
