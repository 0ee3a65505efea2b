import { isUuid } from '../database/ids.ts';
import type { Database } from '../database/database.ts';
import type { Resolvers } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, toConnection, toSlice, type Slice } from '../pagination.ts';
import { requireOwner, requireUser } from '../rules/caller.ts';
import type { AuditEvent, AuditPage } from './audit-event.ts';
import { toAuditFilter } from './audit-filter.ts';
import { countAuditEvents, listAuditEvents, type AuditFilter } from './audit-list.sql.ts';
import { toOwnActivity } from './own-activity.ts';

export function createAuditResolvers({ database }: { database: Database }): Resolvers {
  async function readPage(
    filter: AuditFilter | null,
    slice: Slice,
    toShown: (event: AuditEvent) => AuditEvent = (event) => event,
  ): Promise<AuditPage> {
    // One more than the page shows that there is a next one.
    const events = filter
      ? await database.withTimeout(listAuditEvents(database.em(), filter, slice.after, slice.first + 1))
      : [];
    return toConnection(
      events.map(toShown),
      slice,
      ({ createdAt, id }) => ({ at: createdAt, id }),
      async () => (filter ? countAuditEvents(database.em(), filter, MAX_EXACT_COUNT) : 0),
    );
  }

  return {
    Query: {
      auditEvents: (_, { first, after, ...given }, { caller }) => {
        const { accountId } = requireOwner(caller);
        return readPage(toAuditFilter(accountId, given), toSlice(first ?? 50, after, isUuid));
      },
      ownActivity: (_, { first, after }, { caller }) => {
        const { accountId, userId } = requireUser(caller);
        return readPage(toAuditFilter(accountId, { userId }), toSlice(first ?? 50, after, isUuid), (event) =>
          toOwnActivity(event, userId),
        );
      },
    },
    AuditEvent: {
      actor: ({ actorId }, _, { loaders }) => (actorId === null ? null : loaders.users.load(actorId)),
      subject: ({ subjectId }, _, { loaders }) =>
        subjectId !== null && isUuid(subjectId) ? loaders.users.load(subjectId) : null,
      subjectName: async ({ subjectId, subjectName }, _, { loaders }) => {
        if (subjectName !== null || subjectId === null || !isUuid(subjectId)) return subjectName;
        // A row from before names were stored.
        return (await loaders.users.load(subjectId)).name;
      },
    },
  };
}
