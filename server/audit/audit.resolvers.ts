import { requireOwner } from '../rules/caller.ts';
import { isUuid } from '../database/ids.ts';
import { replaceNul } from '../database/replace-nul.ts';
import type { Database } from '../database/database.ts';
import type { Resolvers } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, toConnection, toSlice } from '../pagination.ts';
import type { AuditEvent } from './audit.entity.ts';
import { countAuditEvents, listAuditEvents } from './audit.ts';

export function createAuditResolvers({ database }: { database: Database }): Resolvers {
  return {
    Query: {
      auditEvents: async (_, { first, after, action }, { caller }) => {
        const { accountId } = requireOwner(caller);
        const slice = toSlice(first ?? 50, after, isUuid);
        const filter = { accountId, action: action == null ? null : replaceNul(action) };
        const events = await listAuditEvents(database.em(), filter, slice);
        return toConnection(
          events,
          slice,
          ({ createdAt, id }) => ({ at: createdAt, id }),
          () => countAuditEvents(database.em(), filter, MAX_EXACT_COUNT),
        );
      },
    },
    AuditEvent: {
      actor: (event, _, { loaders }) => (event.actorId ? loaders.users.load(event.actorId) : null),
      subject: (event, _, { loaders }) => {
        const userId = subjectId(event);
        return userId === null ? null : loaders.users.load(userId);
      },
    },
  };
}

/** A row of an ended session names its user in `user_id`. Other session rows have the session's user as the actor. */
function subjectId({ resourceType, resourceId, details, actorId }: AuditEvent): string | null {
  switch (resourceType) {
    case 'user':
      return resourceId;
    case 'session':
      return typeof details.user_id === 'string' ? details.user_id : (actorId ?? null);
    default:
      return null;
  }
}
