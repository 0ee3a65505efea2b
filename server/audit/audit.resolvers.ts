import { requireOwner } from '../accounts/caller.ts';
import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/orm.ts';
import type { Resolvers } from '../generated/schema.ts';
import { EXACT_COUNT_LIMIT, toConnection, toSlice } from '../pagination.ts';
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
    },
  };
}
