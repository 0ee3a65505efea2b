import type { Clock } from '../clock.ts';
import type { Database, EntityManager } from '../database/database.ts';
import { isUuid } from '../database/ids.ts';
import type { SharedReads } from '../database/shared-reads.ts';
import { REPORT_TIMEOUT_MS } from '../database/timeouts.ts';
import { badInput } from '../errors.ts';
import type { SessionOrder, SessionStatus } from '../generated/schema.ts';
import { MAX_EXACT_COUNT, toConnection, toSlice } from '../pagination.ts';
import type { Viewer } from '../rules/caller.ts';
import { endOfSession, type Session } from '../rules/session.ts';
import { countSessions, listSessions, type SessionFilter, type SessionPage } from './session-list.sql.ts';
import { toSearchWords } from './session-search.ts';

export interface SessionListRequest {
  first: number;
  after: string | null;
  status: SessionStatus;
  userId: string | null;
  search: string | null;
  orderBy: SessionOrder;
}

/** The sessions that a signed-in user may see: an owner those of the account, a member their own. */
export interface SessionList {
  /** @throws BAD_USER_INPUT */
  page(viewer: Viewer, request: SessionListRequest): Promise<SessionPage>;
}

export function createSessionList(dependencies: {
  database: Database;
  sharedReads: SharedReads;
  clock: Clock;
}): SessionList {
  const { database, sharedReads, clock } = dependencies;

  /** A search reads every session of the account where few match, so an account has one at a time. */
  function read<T>(filter: SessionFilter, key: unknown, work: (em: EntityManager) => Promise<T>): Promise<T> {
    if (filter.search === undefined) return work(database.em());
    return sharedReads.read(filter.accountId, `sessions ${JSON.stringify([filter, key])}`, () =>
      database.longTransaction(REPORT_TIMEOUT_MS, work),
    );
  }

  return {
    async page(viewer, request) {
      const slice = toSlice(request.first, request.after);
      const filter = toFilter(viewer, request, database.unicodeCollation);
      if (filter === null) return toConnection<Session>([], slice, () => ({ at: clock.now(), id: '' }), 0);
      const now = clock.now();
      const sessions = await read(filter, slice, (em) => listSessions(em, filter, slice, now));
      return toConnection(
        sessions,
        slice,
        (session) => ({ at: positionOf(session, filter, now), id: session.id }),
        // A first page that is not full is the whole list.
        slice.after === null && sessions.length <= slice.first
          ? sessions.length
          : () => read(filter, 'count', (em) => countSessions(em, filter, MAX_EXACT_COUNT, now)),
      );
    },
  };
}

const positionOf = (session: Session, { orderBy }: SessionFilter, now: Date): Date =>
  orderBy === 'ENDED_AT' ? endOfSession(session, now)!.endedAt : session.authenticatedAt;

/** Null: no session matches. @throws BAD_USER_INPUT */
function toFilter(
  viewer: Viewer,
  { status, userId, search, orderBy }: SessionListRequest,
  unicodeCollation: string | null,
): SessionFilter | null {
  const words = toSearchWords(search);
  if (orderBy === 'ENDED_AT' && status !== 'ENDED')
    throw badInput('orderBy', 'orderBy: ENDED_AT is for ended sessions only.', { reason: 'NOT_ENDED' });
  if (userId !== null && !isUuid(userId)) return null;
  const isOwner = viewer.role === 'OWNER';
  if (!isOwner && userId !== null && userId !== viewer.userId) return null;
  return {
    accountId: viewer.accountId,
    status,
    orderBy,
    userId: isOwner ? (userId ?? undefined) : viewer.userId,
    ...(words.length > 0 ? { search: { words, unicodeCollation } } : {}),
  };
}
