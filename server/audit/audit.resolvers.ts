import { requireOwner } from '../accounts/caller.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/orm.ts';
import type { Resolvers } from '../generated/schema.ts';
import { EXACT_COUNT_LIMIT, toConnection, toSlice } from '../pagination.ts';
import type { AuditEvent } from './audit.entity.ts';
import { countAuditEvents, listAuditEvents } from './audit.ts';

export function createAuditResolvers({ database }: { database: Database }): Resolvers {
  return {
    Query: {
      auditEvents: async (_, { first, after, action }, { caller }) => {
        const { accountId } = requireOwner(caller);
        const slice = toSlice(first ?? 50, after, isUuid);
        // No action holds a NUL, and PostgreSQL would refuse to look for one.
        const filter = { accountId, action: action?.replaceAll('\0', '\u{fffd}') ?? null };
        const events = await listAuditEvents(database.em(), filter, slice);
        return toConnection(
          events,
          slice,
          ({ createdAt, id }) => ({ at: createdAt, id }),
          () => countAuditEvents(database.em(), filter, EXACT_COUNT_LIMIT),
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

/** Who ends a session says whose it was; who starts one, or loses it to a copied token, is the one it belongs to. */
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
